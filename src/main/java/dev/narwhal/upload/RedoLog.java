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
    private static final int CHECKSUM = HEAD - Integer.BYTES;
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
        entry.putInt(CHECKSUM, checksum(entry.flip()));
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

    /**
     * Does to the file what the log says, durably, and empties the log.
     *
     * <p>An entry that can be read need not be on the disk: the process may have been killed before the sync, or the sync may
     * have failed, after which the kernel takes for clean what it has lost. So all entries are written once more and synced before
     * the file is touched.
     */
    void replay(FileChannel file) throws IOException {
        if (forEach(entry -> writeFully(log, entry.bytes().duplicate(), entry.position()))) {
            sync();
            forEach(entry -> apply(file, entry.blocks(), entry.fileSize()));
            file.force(true);
        }
        if (log.size() > 0) {
            log.truncate(0);
            log.force(true);
        }
        end = 0;
    }

    private interface EntryAction {
        void accept(Entry entry) throws IOException;
    }

    /** Returns whether there is an entry. */
    private boolean forEach(EntryAction action) throws IOException {
        end = 0;
        for (Entry entry = entryAt(0); entry != null; entry = entryAt(end)) {
            if (end > 0 && entry.number() != number + 1) {
                break;
            }
            action.accept(entry);
            number = entry.number();
            end += entry.bytes().limit();
        }
        return end > 0;
    }

    private record Entry(long position, ByteBuffer bytes) {

        long number() {
            return bytes.getLong(Long.BYTES);
        }

        long fileSize() {
            return bytes.getLong(2 * Long.BYTES);
        }

        SortedMap<Long, ByteBuffer> blocks() {
            SortedMap<Long, ByteBuffer> blocks = new TreeMap<>();
            for (int at = HEAD; at < bytes.limit(); at += Long.BYTES + BLOCK) {
                blocks.put(bytes.getLong(at), bytes.slice(at + Long.BYTES, BLOCK));
            }
            return blocks;
        }
    }

    private @Nullable Entry entryAt(long at) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(HEAD);
        if (!readFully(head, at) || head.getLong(0) != MARK) {
            return null;
        }
        int count = head.getInt(3 * Long.BYTES);
        if (count < 0 || count > (log.size() - at - HEAD) / (Long.BYTES + BLOCK)) {
            return null;
        }
        ByteBuffer whole = ByteBuffer.allocate(HEAD + count * (Long.BYTES + BLOCK));
        if (!readFully(whole, at)) {
            return null;
        }
        int expected = whole.flip().getInt(CHECKSUM);
        int actual = checksum(whole.putInt(CHECKSUM, 0));
        return actual == expected ? new Entry(at, whole.putInt(CHECKSUM, expected)) : null;
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
