package dev.narwhal.database.h2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * One entry of a {@link RedoLog}. Layout: a mark, the salt of its log (8 bytes), its number (8), the file's size after the
 * entry (8), the number of blocks (4), the checksum of all else (4); then for each block its position (8), the checksums of the
 * {@linkplain Sectors sectors} that the file had there before (32), and its bytes.
 *
 * @param at its position in the log
 */
record RedoEntry(long at, ByteBuffer bytes, Layout layout) {

    private static final int BLOCK = AtomicFile.BLOCK;

    /** The layouts of entries. */
    enum Layout {

        /** From versions whose logs had no origin: neither a salt nor checksums of the bytes before. */
        UNSALTED(0x4e_61_72_77_68_61_6c_31L, 0, 0),
        SALTED(0x6e_61_72_45_6e_74_72_79L, Long.BYTES, Sectors.SUMS);

        private final long mark;
        private final int salt;
        private final int head;
        private final int sums;

        Layout(long mark, int salt, int sums) {
            this.mark = mark;
            this.salt = salt;
            this.head = Long.BYTES + salt + 2 * Long.BYTES + 2 * Integer.BYTES;
            this.sums = sums;
        }

        long mark() {
            return mark;
        }

        private int checksumAt() {
            return head - Integer.BYTES;
        }

        private int countAt() {
            return checksumAt() - Integer.BYTES;
        }

        private int blockLength() {
            return Long.BYTES + sums + BLOCK;
        }
    }

    /**
     * @param before what the blocks have in the file before the entry is applied
     * @param memory holds the entry
     */
    static RedoEntry of(
            long at,
            long salt,
            long number,
            long fileSize,
            SortedMap<Long, ByteBuffer> blocks,
            Sectors.Before before,
            ReusedBytes memory)
            throws IOException {
        Layout layout = Layout.SALTED;
        ByteBuffer bytes = memory.take(layout.head + blocks.size() * layout.blockLength());
        bytes.putLong(layout.mark).putLong(salt).putLong(number).putLong(fileSize);
        bytes.putInt(blocks.size()).putInt(0);
        for (Map.Entry<Long, ByteBuffer> block : blocks.entrySet()) {
            bytes.putLong(block.getKey());
            before.put(block.getKey(), bytes);
            bytes.put(bytes.position(), block.getValue(), 0, BLOCK);
            bytes.position(bytes.position() + BLOCK);
        }
        bytes.flip().putInt(layout.checksumAt(), checksum(bytes));
        return new RedoEntry(at, bytes, layout);
    }

    /** Null when there is no complete entry. */
    static @Nullable RedoEntry read(FileChannel log, long at, Layout layout) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(layout.head);
        if (!FileBytes.read(log, head, at) || head.getLong(0) != layout.mark) {
            return null;
        }
        int count = head.getInt(layout.countAt());
        if (count < 0 || count > (log.size() - at - layout.head) / layout.blockLength()) {
            return null;
        }
        ByteBuffer whole = ByteBuffer.allocate(layout.head + count * layout.blockLength());
        if (!FileBytes.read(log, whole, at)) {
            return null;
        }
        int expected = whole.flip().getInt(layout.checksumAt());
        int actual = checksum(whole.putInt(layout.checksumAt(), 0));
        return actual == expected ? new RedoEntry(at, whole.putInt(layout.checksumAt(), expected), layout) : null;
    }

    private static int checksum(ByteBuffer entry) {
        CRC32C crc = new CRC32C();
        crc.update(entry.duplicate());
        return (int) crc.getValue();
    }

    long end() {
        return at + bytes.limit();
    }

    /** 0 in a layout without a salt. */
    long salt() {
        return layout.salt == 0 ? 0 : bytes.getLong(Long.BYTES);
    }

    long number() {
        return bytes.getLong(Long.BYTES + layout.salt);
    }

    long fileSize() {
        return bytes.getLong(2 * Long.BYTES + layout.salt);
    }

    SortedMap<Long, ByteBuffer> blocks() {
        SortedMap<Long, ByteBuffer> blocks = new TreeMap<>();
        for (int block = layout.head; block < bytes.limit(); block += layout.blockLength()) {
            blocks.put(bytes.getLong(block), bytes.slice(block + Long.BYTES + layout.sums, BLOCK));
        }
        return blocks;
    }

    /** For each position, the checksums of the bytes that the file had there before. */
    SortedMap<Long, ByteBuffer> before() {
        SortedMap<Long, ByteBuffer> sums = new TreeMap<>();
        for (int block = layout.head; block < bytes.limit(); block += layout.blockLength()) {
            sums.put(bytes.getLong(block), bytes.slice(block + Long.BYTES, layout.sums));
        }
        return sums;
    }

    void writeTo(FileChannel log) throws IOException {
        FileBytes.write(log, bytes.duplicate(), at);
    }

    /**
     * Changes the file in as few writes as possible, but does not sync it.
     *
     * @param memory for what is written at once
     */
    void applyTo(FileChannel file, ReusedBytes memory) throws IOException {
        if (file.size() > fileSize()) {
            file.truncate(fileSize());
        }
        int count = (bytes.limit() - layout.head) / layout.blockLength();
        ByteBuffer run = memory.take(Math.min(count, Sectors.LONGEST_RUN) * BLOCK);
        long end = Long.MIN_VALUE;
        for (int block = layout.head; block < bytes.limit(); block += layout.blockLength()) {
            long position = bytes.getLong(block);
            if (position != end || !run.hasRemaining()) {
                writeRun(file, run, end);
            }
            run.put(run.position(), bytes, block + Long.BYTES + layout.sums, BLOCK);
            run.position(run.position() + BLOCK);
            end = position + BLOCK;
        }
        writeRun(file, run, end);
    }

    private static void writeRun(FileChannel file, ByteBuffer run, long end) throws IOException {
        int whole = run.limit();
        FileBytes.write(file, run.flip(), end - run.limit());
        run.clear().limit(whole);
    }
}
