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
 * The directory of the delivered files. It has a marker: a file with an id that the database holds, too. When a disk is not
 * mounted, its mount point is an empty directory. The disk hides files written there as soon as it is mounted. The server
 * detects this by the missing marker.
 *
 * <p>The server creates the marker when it first uses a directory, whether empty or not. If the directory already has a marker,
 * the server adopts it. From then on the server neither delivers to nor reads from a directory without this marker. Safe for
 * several threads.
 */
final class DirectoryRoot {

    private static final Logger log = LoggerFactory.getLogger(DirectoryRoot.class);

    private static final String MARKER = DirectoryTree.RESERVED_PREFIX + "destination";
    private static final int ID_BYTES = 16;

    private final Path path;
    private final Path marker;
    private final Optional<RootMarkers> markers;
    private volatile List<String> accepted = List.of();

    /**
     * Creates the directory and its marker if the server has never used it, else changes nothing.
     *
     * @param markers empty: create the directory, but neither create nor check its marker
     * @throws IOException when the directory cannot be created
     */
    DirectoryRoot(Path path, Optional<RootMarkers> markers) throws IOException {
        this.path = path.toAbsolutePath().normalize();
        this.marker = this.path.resolve(MARKER);
        this.markers = markers;
        if (markers.isEmpty() || mayBeCreated(markers.get())) {
            DurableDirectories.create(this.path);
        }
        try {
            requireMarker();
        } catch (DestinationException e) {
            log.warn("destination.unmarked directory={} {}", this.path, e.getMessage());
        }
    }

    Path path() {
        return path;
    }

    /**
     * Checks that the directory has its marker.
     *
     * @throws DestinationException {@link Failure#DESTINATION} when it has none, or that of another directory
     */
    void requireMarker() throws DestinationException {
        if (markers.isEmpty()) {
            return;
        }
        try {
            String found = readMarker();
            if (!accepted.contains(found)) {
                compare(markers.get(), found);
            }
        } catch (IOException e) {
            throw new DestinationException(
                    Failure.DESTINATION,
                    "The marker '" + marker + "' could not be read or made: " + DirectoryFailures.reasonOf(e),
                    e);
        }
    }

    private DestinationException wrongDirectory(String found, String expected) {
        return new DestinationException(
                Failure.DESTINATION,
                "The directory '" + path + "' is not the one that files were delivered to before: "
                        + (found.isEmpty() ? "it has no marker" : "its marker is another's")
                        + ". Is its disk mounted? If it is the right one, write " + expected + " into '" + marker
                        + "'");
    }

    private synchronized void compare(RootMarkers recorded, String found) throws IOException, DestinationException {
        String marker = found;
        List<String> expected = recorded.find(path);
        if (recorded.isNew(path) && (expected.contains(found) || mayBeCreated(recorded))) {
            marker = mark(recorded, found);
            expected = recorded.find(path);
        }
        if (!expected.contains(marker)) {
            throw wrongDirectory(found, expected.getFirst());
        }
        accepted = expected;
    }

    /**
     * Whether the server may create the directory and its marker. When another server already uses a directory at this path,
     * an empty directory here may be the mount point of a disk that is not mounted.
     */
    private boolean mayBeCreated(RootMarkers recorded) {
        return recorded.isNew(path) && (recorded.find(path).isEmpty() || recorded.predatesMarkers());
    }

    /** Writes the file before the row: after a crash in between, the next check adopts the marker in the file. */
    private String mark(RootMarkers recorded, String found) throws IOException {
        String id = found.isEmpty() ? newId() : found;
        if (found.isEmpty()) {
            DurableFiles.write(marker, id + "\n");
        }
        recorded.record(path, id);
        log.debug("destination.marked directory={} marker={}", path, id);
        return id;
    }

    /** The id in the marker; empty when the directory has no marker. */
    private String readMarker() throws IOException {
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
