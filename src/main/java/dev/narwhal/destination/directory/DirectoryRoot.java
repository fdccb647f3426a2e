package dev.narwhal.destination.directory;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.DestinationException.Failure;
import dev.narwhal.disk.DurableDirectories;
import dev.narwhal.disk.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
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
    private volatile List<String> known = List.of();

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
        if (markers.isEmpty() || mayBeMade(markers.get())) {
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
            String found = found();
            if (!known.contains(found)) {
                lookUp(markers.get(), found);
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

    private synchronized void lookUp(RootMarkers memory, String found) throws IOException, DestinationException {
        String marker = found;
        List<String> expected = memory.find(path);
        if (memory.isNew(path) && (expected.contains(found) || mayBeMade(memory))) {
            marker = mark(memory, found);
            expected = memory.find(path);
        }
        if (!expected.contains(marker)) {
            throw another(found, expected.getFirst());
        }
        known = expected;
    }

    /** Where another server has a directory already, a new one may be in front of the place where that should be. */
    private boolean mayBeMade(RootMarkers memory) {
        return memory.isNew(path) && (memory.find(path).isEmpty() || memory.isOfBefore());
    }

    /** The file first: a marker that nobody remembers is taken over by the next who looks. */
    private String mark(RootMarkers memory, String found) throws IOException {
        String id = found.isEmpty() ? newId() : found;
        if (found.isEmpty()) {
            DurableFiles.write(marker, id + "\n");
        }
        memory.remember(path, id);
        log.debug("destination.marked directory={} marker={}", path, id);
        return id;
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
