package dev.narwhal.destination.directory;

import dev.narwhal.destination.ContentSource;
import dev.narwhal.destination.DeliveryJournal;
import dev.narwhal.destination.DeliveryStoppedException;
import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.DestinationException.Failure;
import dev.narwhal.destination.parts.Crc32s;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.CRC32;

/** Copies the content into a new file, and reads the file back. */
final class DirectoryCopy {

    private static final int BLOCK = 1 << 20;

    /** Bytes written between two checks of the free space. */
    private static final long SPACE_INTERVAL = 64L << 20;

    private final long reserve;

    DirectoryCopy(long reserve) {
        this.reserve = reserve;
    }

    /**
     * Writes a new file and syncs it. First deletes the file that an interrupted attempt may have left.
     *
     * @return the CRC32 of the bytes that were read back
     */
    String write(ContentSource content, Path file, DeliveryJournal journal)
            throws IOException, DestinationException, DeliveryStoppedException {
        Files.deleteIfExists(file);
        requireSpace(file, content.length());
        try {
            int written = copy(content, file, journal);
            int readBack = crcOf(file);
            if (written != readBack) {
                throw new DestinationException(
                        Failure.RETRYABLE, "'" + file + "' reads back differently from what was written");
            }
            return Crc32s.encode(written);
        } catch (IOException | DestinationException | DeliveryStoppedException e) {
            Files.deleteIfExists(file);
            throw e;
        }
    }

    /** Compares a file that an earlier attempt has copied with the content. Returns its CRC32. */
    String verify(Path file, ContentSource content) throws IOException, DestinationException {
        int expected = Crc32s.of(content, 0, content.length());
        if (crcOf(file) != expected) {
            throw new DestinationException(
                    Failure.FINAL, "'" + file + "' is ours but damaged: remove it, then retry the delivery");
        }
        return Crc32s.encode(expected);
    }

    private int copy(ContentSource content, Path file, DeliveryJournal journal)
            throws IOException, DestinationException, DeliveryStoppedException {
        CRC32 crc = new CRC32();
        ByteBuffer block = ByteBuffer.allocate(BLOCK);
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            long position = 0;
            while (position < content.length()) {
                if (!journal.isActive()) {
                    throw new DeliveryStoppedException("The journal stopped this attempt");
                }
                if (position % SPACE_INTERVAL < BLOCK) {
                    requireSpace(file, Math.min(SPACE_INTERVAL, content.length() - position));
                }
                position += copyBlock(content, position, block, out, crc);
            }
            out.force(true);
        }
        return (int) crc.getValue();
    }

    private static int copyBlock(ContentSource content, long position, ByteBuffer block, FileChannel out, CRC32 crc)
            throws IOException {
        block.clear();
        int read = content.read(block, position);
        if (read < 0) {
            throw new EOFException("The content ends at " + position + " instead of " + content.length());
        }
        block.flip();
        crc.update(block.duplicate());
        while (block.hasRemaining()) {
            out.write(block);
        }
        return read;
    }

    private void requireSpace(Path file, long bytes) throws IOException, DestinationException {
        long usable = Files.getFileStore(DirectoryTree.parent(file)).getUsableSpace();
        if (usable - bytes < reserve) {
            throw new DestinationException(
                    Failure.RETRYABLE,
                    "No room for " + bytes + " more bytes at '" + file + "': " + usable + " are free, " + reserve
                            + " of them reserved");
        }
    }

    private static int crcOf(Path file) throws IOException {
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = in.size();
            return Crc32s.of(new FileContent(in, size), 0, size);
        }
    }

    private record FileContent(FileChannel channel, long length) implements ContentSource {
        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return channel.read(target, position);
        }

        @Override
        public Optional<Path> file() {
            return Optional.empty();
        }
    }
}
