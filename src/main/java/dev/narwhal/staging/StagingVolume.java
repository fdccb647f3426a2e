package dev.narwhal.staging;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
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
            return make(root, file);
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

    private static String make(Path root, Path file) throws IOException {
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        String id = HexFormat.of().formatHex(random);
        Path unfinished = root.resolve(FILE + ".new");
        writeSynced(unfinished, id + "\n");
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        Directories.sync(root);
        return id;
    }

    private static void writeSynced(Path file, String text) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(US_ASCII));
        try (FileChannel channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
    }
}
