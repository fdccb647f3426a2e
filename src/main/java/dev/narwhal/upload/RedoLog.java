package dev.narwhal.upload;

import dev.narwhal.disk.Journal;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What is about to be written to a file, in entries that are durable before the file is touched. Doing again what it says,
 * from its first entry to its last whole one, leads to the same file, however often and whatever of it was done already.
 *
 * <p>An entry is: a mark, its number (8 bytes), the size that the file has then (8), how many blocks (4), the checksum (4) of
 * all else; then for each block its position (8) and its bytes. Numbers grow by one; where they do not, the log ends.
 */
final class RedoLog implements Closeable {

    private static final long MARK = 0x4e_61_72_77_68_61_6c_31L;
    private static final int HEAD = 32;
    private static final int BLOCK = AtomicFile.BLOCK;
    private static final long FULL = 16L << 20;

    private final FileChannel log;
    private final Journal journal;
    private long end;
    private long number;

    /** @param journal of the file system that holds the log, and the file */
    RedoLog(FileChannel log, Journal journal) {
        this.log = log;
        this.journal = journal;
    }

    boolean isFull() {
        return end > FULL;
    }

    /** Durable after a {@link #sync()}, before which the file must not be changed. */
    void append(SortedMap<Long, ByteBuffer> blocks, long fileSize) throws IOException {
        ByteBuffer entry = ByteBuffer.allocate(HEAD + blocks.size() * (Long.BYTES + BLOCK));
        entry.putLong(MARK)
                .putLong(number + 1)
                .putLong(fileSize)
                .putInt(blocks.size())
                .putInt(0);
        blocks.forEach((position, block) -> entry.putLong(position).put(block.duplicate()));
        entry.putInt(HEAD - Integer.BYTES, checksum(entry.flip()));
        writeFully(log, entry, end);
        end += entry.limit();
        number++;
    }

    void sync() throws IOException {
        log.force(false);
        journal.requireAlive();
    }

    /** Begins anew; the file has to be durable. The old entries are written over, and end the log where they are left. */
    void clear() {
        end = 0;
    }

    /** Does to the file what the log says, durably, and empties the log. */
    void replay(FileChannel file) throws IOException {
        boolean some = false;
        end = 0;
        for (Entry entry = entryAt(0); entry != null; entry = entryAt(end)) {
            if (some && entry.number() != number + 1) {
                break;
            }
            apply(file, entry.blocks(), entry.fileSize());
            number = entry.number();
            end += entry.length();
            some = true;
        }
        if (some) {
            file.force(true);
        }
        if (log.size() > 0) {
            log.truncate(0);
            log.force(true);
        }
        end = 0;
    }

    private record Entry(long number, long fileSize, SortedMap<Long, ByteBuffer> blocks, long length) {}

    private @Nullable Entry entryAt(long at) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(HEAD);
        if (!readFully(head, at) || head.flip().getLong() != MARK) {
            return null;
        }
        long entryNumber = head.getLong();
        long fileSize = head.getLong();
        int count = head.getInt();
        if (count < 0 || count > (log.size() - at - HEAD) / (Long.BYTES + BLOCK)) {
            return null;
        }
        ByteBuffer whole = ByteBuffer.allocate(HEAD + count * (Long.BYTES + BLOCK));
        if (!readFully(whole, at)) {
            return null;
        }
        int expected = whole.flip().getInt(HEAD - Integer.BYTES);
        if (checksum(whole.putInt(HEAD - Integer.BYTES, 0)) != expected) {
            return null;
        }
        SortedMap<Long, ByteBuffer> blocks = new TreeMap<>();
        whole.position(HEAD);
        for (int i = 0; i < count; i++) {
            long position = whole.getLong();
            blocks.put(position, whole.slice(whole.position(), BLOCK));
            whole.position(whole.position() + BLOCK);
        }
        return new Entry(entryNumber, fileSize, blocks, whole.limit());
    }

    private boolean readFully(ByteBuffer target, long at) throws IOException {
        long from = at;
        while (target.hasRemaining()) {
            int read = log.read(target, from);
            if (read < 0) {
                return false;
            }
            from += read;
        }
        return true;
    }

    private static int checksum(ByteBuffer entry) {
        CRC32C crc = new CRC32C();
        crc.update(entry.duplicate());
        return (int) crc.getValue();
    }

    /** Changes the file and does not sync it. */
    static void apply(FileChannel file, SortedMap<Long, ByteBuffer> blocks, long fileSize) throws IOException {
        if (file.size() > fileSize) {
            file.truncate(fileSize);
        }
        for (Map.Entry<Long, ByteBuffer> block : blocks.entrySet()) {
            writeFully(file, block.getValue().duplicate(), block.getKey());
        }
    }

    private static void writeFully(FileChannel file, ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += file.write(bytes, at);
        }
    }

    @Override
    public void close() throws IOException {
        log.close();
    }
}
