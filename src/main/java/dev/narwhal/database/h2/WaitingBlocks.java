package dev.narwhal.database.h2;

import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Written blocks that are not in the file yet, by position. */
final class WaitingBlocks {

    private static final int BLOCK = AtomicFile.BLOCK;

    private final TreeMap<Long, ByteBuffer> blocks = new TreeMap<>();

    /** @param source whole blocks */
    void put(long position, ByteBuffer source) {
        for (long block = position; source.hasRemaining(); block += BLOCK) {
            byte[] bytes = new byte[BLOCK];
            source.get(bytes);
            blocks.put(block, ByteBuffer.wrap(bytes).asReadOnlyBuffer());
        }
    }

    /** Removes the blocks at or beyond {@code size}. */
    void truncate(long size) {
        blocks.tailMap(size, true).clear();
    }

    /** Overlays bytes that were read from the file with the waiting ones. */
    void putInto(ByteBuffer view, long position) {
        long end = position + view.limit();
        for (Map.Entry<Long, ByteBuffer> block :
                blocks.subMap(position - position % BLOCK, end).entrySet()) {
            long from = Math.max(position, block.getKey());
            long to = Math.min(end, block.getKey() + BLOCK);
            view.put((int) (from - position), block.getValue(), (int) (from - block.getKey()), (int) (to - from));
        }
    }

    SortedMap<Long, ByteBuffer> all() {
        return Collections.unmodifiableSortedMap(blocks);
    }

    int count() {
        return blocks.size();
    }

    void clear() {
        blocks.clear();
    }
}
