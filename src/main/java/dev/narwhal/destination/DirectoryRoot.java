package dev.narwhal.destination;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.narwhal.destination.DestinationException.Failure;
import dev.narwhal.disk.DurableDirectories;
import dev.narwhal.disk.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory that delivered files are below. It has a marker, a file with an id that the server remembers elsewhere, because
 * a disk that is not mounted leaves an empty directory behind, and what is written there is lost to everybody.
 *
 * <p>The marker is made when a directory is used for the first time, be it new or full of files; one that is there already is
 * taken over. From then on nothing is delivered, and nothing is looked for, in a directory without it. Safe for several threads.
 */
final class DirectoryRoot {

    private static final Logger log = LoggerFactory.getLogger(DirectoryRoot.class);

    private static final String MARKER = DirectoryTree.RESERVED_PREFIX + "destination";
    private static final int ID_BYTES = 16;

    private final Path path;
    private final Path marker;
    private final Optional<RootMarkers> markers;
    private @Nullable String known;

    /**
     * Makes the directory, and its marker, if it was never used before; else it is not touched.
     *
     * @param markers empty for a directory that is taken as it is found
     * @throws IOException when the directory cannot be made
     */
    DirectoryRoot(Path path, Optional<RootMarkers> markers) throws IOException {
        this.path = path.toAbsolutePath().normalize();
        this.marker = this.path.resolve(MARKER);
        this.markers = markers;
        if (markers.flatMap(memory -> memory.find(this.path)).isEmpty()) {
            DurableDirectories.create(this.path);
        }
        try {
            requireOurs();
        } catch (DestinationException e) {
            log.warn("destination.unmarked directory={} {}", this.path, e.getMessage());
        }
    }

    Path path() {
        return path;
    }

    /** @throws DestinationException when this is not the directory that it was: the destination's failure, not an upload's */
    void requireOurs() throws DestinationException {
        if (markers.isEmpty()) {
            return;
        }
        try {
            String expected = known(markers.get());
            String found = found();
            if (!found.equals(expected)) {
                throw another(found, expected);
            }
        } catch (IOException e) {
            throw new DestinationException(
                    Failure.DESTINATION,
                    "The marker '" + marker + "' could not be read or made: " + DirectoryFailures.reasonOf(e),
                    e);
        }
    }

    private DestinationException another(String found, String expected) {
        return new DestinationException(
                Failure.DESTINATION,
                "The directory '" + path + "' is not the one that files were delivered to before: "
                        + (found.isEmpty() ? "it has no marker" : "its marker is another's")
                        + ". Is its disk mounted? If it is the right one, write " + expected + " into '" + marker
                        + "'");
    }

    private synchronized String known(RootMarkers memory) throws IOException {
        if (known == null) {
            Optional<String> remembered = memory.find(path);
            known = remembered.isPresent() ? remembered.get() : mark(memory);
        }
        return known;
    }

    /** The file first: a marker that nobody remembers is taken over by the next who looks. */
    private String mark(RootMarkers memory) throws IOException {
        String found = found();
        String id = found.isEmpty() ? newId() : found;
        if (found.isEmpty()) {
            DurableFiles.write(marker, id + "\n");
        }
        String counts = memory.remember(path, id);
        if (!counts.equals(id)) {
            DurableFiles.write(marker, counts + "\n");
        }
        log.info("destination.marked directory={} marker={}", path, counts);
        return counts;
    }

    /** Empty when there is no marker. */
    private String found() throws IOException {
        try {
            return Files.readString(marker, UTF_8).strip();
        } catch (NoSuchFileException e) {
            return "";
        }
    }

    private static String newId() {
        byte[] random = new byte[ID_BYTES];
        new SecureRandom().nextBytes(random);
        return HexFormat.of().formatHex(random);
    }
}
