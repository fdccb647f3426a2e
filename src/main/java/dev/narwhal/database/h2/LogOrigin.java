package dev.narwhal.database.h2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The head of a {@link RedoLog}: it identifies the file, and the file's state when the log began. That state was durable.
 * Whatever a crash leaves while the log is applied, each sector has either its old bytes or those of an entry. A sector with
 * other bytes was written by a program that ignores the log, or belongs to another file.
 *
 * <p>Layout: a mark, a salt (8 bytes), the file's size (8), the checksums of the sectors of the first two blocks, which hold
 * H2's header (64), and a checksum of all that (4).
 */
record LogOrigin(long salt, long fileSize, ByteBuffer headerSums) {

    static final long MARK = 0x4e_61_72_77_68_61_6c_32L;

    private static final int BLOCK = AtomicFile.BLOCK;
    private static final int HEADER_BLOCKS = 2;
    private static final int CHECKSUM = 3 * Long.BYTES + HEADER_BLOCKS * Sectors.SUMS;
    static final int LENGTH = CHECKSUM + Integer.BYTES;

    private static final SecureRandom RANDOM = new SecureRandom();

    /** @param file its content must be durable */
    static LogOrigin of(FileChannel file) throws IOException {
        ByteBuffer sums = ByteBuffer.allocate(HEADER_BLOCKS * Sectors.SUMS);
        SortedMap<Long, ByteBuffer> header = new TreeMap<>();
        for (int block = 0; block < HEADER_BLOCKS; block++) {
            header.put((long) block * BLOCK, sums);
        }
        Sectors.Before before = new Sectors.Before(file, header.keySet(), new ReusedBytes());
        for (long position : header.keySet()) {
            before.put(position, sums);
        }
        return new LogOrigin(RANDOM.nextLong(), file.size(), sums.flip());
    }

    /** Null when the log has no complete head. */
    static @Nullable LogOrigin read(FileChannel log) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(LENGTH);
        if (!FileBytes.read(log, bytes, 0) || bytes.getLong(0) != MARK || bytes.getInt(CHECKSUM) != checksum(bytes)) {
            return null;
        }
        return new LogOrigin(
                bytes.getLong(Long.BYTES),
                bytes.getLong(2 * Long.BYTES),
                bytes.slice(3 * Long.BYTES, HEADER_BLOCKS * Sectors.SUMS));
    }

    void writeTo(FileChannel log) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(LENGTH);
        bytes.putLong(MARK).putLong(salt).putLong(fileSize).put(headerSums.duplicate());
        bytes.putInt(checksum(bytes));
        FileBytes.write(log, bytes.flip(), 0);
    }

    private static int checksum(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(0, CHECKSUM));
        return (int) crc.getValue();
    }

    /** Compares a file with its log. */
    final class Comparison {

        private final Map<Long, Set<Integer>> expected = new HashMap<>();
        private long smallest = fileSize;
        private long largest = fileSize;

        Comparison() {
            for (int block = 0; block < HEADER_BLOCKS; block++) {
                expectSums((long) block * BLOCK, headerSums.slice(block * Sectors.SUMS, Sectors.SUMS));
            }
        }

        void add(RedoEntry entry) {
            smallest = Math.min(smallest, entry.fileSize());
            largest = Math.max(largest, entry.fileSize());
            entry.before().forEach(this::expectSums);
            entry.blocks().forEach((position, block) -> {
                for (int sector = 0; sector < Sectors.OF_A_BLOCK; sector++) {
                    expect(position, sector, Sectors.sum(block, sector));
                }
            });
        }

        private void expectSums(long position, ByteBuffer sums) {
            for (int sector = 0; sector < Sectors.OF_A_BLOCK; sector++) {
                expect(position, sector, sums.getInt(sector * Integer.BYTES));
            }
        }

        private void expect(long position, int sector, int sum) {
            expected.computeIfAbsent(position + (long) sector * Sectors.SIZE, at -> new HashSet<>())
                    .add(sum);
        }

        /**
         * Leaves out sectors beyond the size that the file had when the log began, or has had since: a crash may leave any
         * bytes there.
         */
        boolean fits(FileChannel file) throws IOException {
            long size = file.size();
            if (size < smallest || size > largest) {
                return false;
            }
            ByteBuffer sector = ByteBuffer.allocate(Sectors.SIZE);
            for (Map.Entry<Long, Set<Integer>> expectation : expected.entrySet()) {
                long at = expectation.getKey();
                boolean wasDurable = at + Sectors.SIZE <= Math.min(smallest, size);
                if (wasDurable
                        && FileBytes.read(file, sector.clear(), at)
                        && !expectation.getValue().contains(Sectors.sum(sector, 0))) {
                    return false;
                }
            }
            return true;
        }
    }
}
