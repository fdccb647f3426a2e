package dev.narwhal.database.h2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.Collection;
import java.util.Iterator;
import java.util.zip.CRC32C;

/**
 * Checksums of a file's sectors. In a power cut a disk writes a sector whole or not at all, but only some sectors of a block.
 */
final class Sectors {

    static final int SIZE = 512;
    static final int OF_A_BLOCK = AtomicFile.BLOCK / SIZE;

    /** Length of one block's checksums in bytes. */
    static final int SUMS = OF_A_BLOCK * Integer.BYTES;

    /** H2 rarely writes more blocks at once; bounds the memory. */
    static final int LONGEST_RUN = 256;

    private Sectors() {}

    /** @param bytes in an array */
    static int sum(ByteBuffer bytes, int sector) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), bytes.arrayOffset() + sector * SIZE, SIZE);
        return (int) crc.getValue();
    }

    /** The bytes of some blocks in a file, read in as few pieces as possible. Bytes beyond the file's end count as zeros. */
    static final class Before {

        private static final int BLOCK = AtomicFile.BLOCK;

        private final FileChannel file;
        private final long fileSize;
        private final Iterator<Long> ahead;
        private final ReusedBytes memory;
        private long next;
        private long start;
        private ByteBuffer run = ByteBuffer.allocate(0);

        /**
         * @param positions of blocks, ascending
         * @param memory for what is read at once
         */
        Before(FileChannel file, Collection<Long> positions, ReusedBytes memory) throws IOException {
            this.file = file;
            this.fileSize = file.size();
            this.ahead = positions.iterator();
            this.memory = memory;
            this.next = following();
        }

        private long following() {
            return ahead.hasNext() ? ahead.next() : Long.MIN_VALUE;
        }

        /** @param position the next one of the positions, in their order */
        void put(long position, ByteBuffer sums) throws IOException {
            if (position >= start + run.limit()) {
                readRun();
            }
            int first = (int) (position - start) / SIZE;
            for (int sector = 0; sector < OF_A_BLOCK; sector++) {
                sums.putInt(sum(run, first + sector));
            }
        }

        private void readRun() throws IOException {
            start = next;
            int blocks = 0;
            while (next == start + (long) blocks * BLOCK && blocks < LONGEST_RUN) {
                blocks++;
                next = following();
            }
            run = memory.take(blocks * BLOCK);
            if (start < fileSize) {
                var unused = FileBytes.read(file, run, start);
            }
            Arrays.fill(run.array(), run.arrayOffset() + run.position(), run.arrayOffset() + run.limit(), (byte) 0);
            run.rewind();
        }
    }
}
