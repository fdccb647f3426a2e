package dev.narwhal.staging;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.narwhal.disk.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * The id that a staging disk carries in a file, so that a row can name the disk with its bytes. An unmounted disk
 * leaves an empty directory, which gets a new id and so is not mistaken for the disk.
 */
final class StagingVolume {

    private static final String FILE = ".volume";
    private static final int BYTES = 16;

    private StagingVolume() {}

    /** The id of the volume at {@code root}; created once, durably, if there is none. */
    static String idOf(Path root) throws IOException {
        Path file = root.resolve(FILE);
        try {
            return valid(Files.readString(file, US_ASCII).strip(), file);
        } catch (NoSuchFileException e) {
            return make(file);
        }
    }

    /** The file that has the id of the volume at {@code root}. */
    static Path mark(Path root) {
        return root.resolve(FILE);
    }

    /** Whether that volume is at {@code root} now, by the file's content. */
    static boolean isAt(Path root, String volume) throws IOException {
        try {
            return Files.readString(root.resolve(FILE), US_ASCII).strip().equals(volume);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private static String valid(String id, Path file) {
        if (!id.matches("[0-9a-f]{32}")) {
            throw new DataDirectoryException("The file " + file + " below narwhal.data-dir holds '" + id + "' where a"
                    + " staging volume has its id, 32 lower-case hexadecimal digits: restore it, from a backup or from the"
                    + " column upload.volume of the uploads that are staged there");
        }
        return id;
    }

    private static String make(Path file) throws IOException {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        String id = HexFormat.of().formatHex(random);
        DurableFiles.write(file, id + "\n");
        return id;
    }
}
