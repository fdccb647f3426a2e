package dev.narwhal.database.h2;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Written blocks that are not in the file yet, by position. */
final class WaitingBlocks {

    private static final int BLOCK = AtomicFile.BLOCK;

    /** 1 MiB. */
    private static final int MOST_FREE = 256;

    private final TreeMap<Long, ByteBuffer> blocks = new TreeMap<>();

    /** For the next blocks. */
    private final Deque<ByteBuffer> free = new ArrayDeque<>();

    /** @param source whole blocks */
    void put(long position, ByteBuffer source) {
        for (long block = position; source.hasRemaining(); block += BLOCK) {
            blocks.computeIfAbsent(block, at -> free()).put(0, source, source.position(), BLOCK);
            source.position(source.position() + BLOCK);
        }
    }

    private ByteBuffer free() {
        ByteBuffer block = free.poll();
        return block == null ? ByteBuffer.allocate(BLOCK) : block;
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

    /** Valid until the next change. Nobody but this object moves the buffers' positions. */
    SortedMap<Long, ByteBuffer> all() {
        return Collections.unmodifiableSortedMap(blocks);
    }

    int count() {
        return blocks.size();
    }

    void clear() {
        blocks.values().stream().limit(MOST_FREE - free.size()).forEach(free::add);
        blocks.clear();
    }
}
