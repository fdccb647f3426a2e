package dev.narwhal.staging;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The buffers of one store: lends the kind that suits a body, or the next smaller one when there are none left. */
final class SegmentSource {

    private final BufferPool small;
    private final BufferPool medium;
    private final BufferPool direct;
    private final SpaceGuard space;

    SegmentSource(StagingTuning tuning, SpaceGuard space) {
        // Each body needs one of these at least: their number is bounded by that of connections.
        this.small = new BufferPool(tuning.smallBuffer(), 1, Integer.MAX_VALUE);
        this.medium = new BufferPool(tuning.mediumBuffer(), 1, tuning.mediumBuffers());
        this.direct = new BufferPool(tuning.directBuffer(), StagingTuning.ALIGNMENT, tuning.directBuffers());
        this.space = space;
    }

    /** Buffers in use, of all sizes. */
    int lent() {
        return small.lent() + medium.lent() + direct.lent();
    }

    /** The pools by their names. */
    Map<String, BufferPool> pools() {
        return Map.of("small", small, "medium", medium, "direct", direct);
    }

    /** Aligned memory for direct I/O that is no segment; null when there is none left. */
    @Nullable
    ByteBuffer tryTakeDirect() {
        return direct.tryTake();
    }

    void giveBackDirect(ByteBuffer memory) {
        direct.giveBack(memory);
    }

    /**
     * A segment for the bytes from {@code position} on.
     *
     * @throws StagingFullException when the reserve is all that is free
     */
    Segment next(Pace pace, long position, AppendFile file) throws IOException {
        Pace.Gait gait = pace.gait();
        int limit = Integer.MAX_VALUE;
        if (gait == Pace.Gait.DIRECT && file.isDirectPossible()) {
            if (position % StagingTuning.ALIGNMENT == 0) {
                Segment segment = tryTake(direct, untilBoundary(position, direct.size()), position, pace.now());
                if (segment != null) {
                    return segment;
                }
            } else {
                limit = untilBoundary(position, medium.size());
            }
        }
        return cached(gait, position, limit, pace.now());
    }

    private Segment cached(Pace.Gait gait, long position, int limit, long now) throws IOException {
        Segment segment = gait == Pace.Gait.SMALL ? null : tryTake(medium, limit, position, now);
        if (segment == null) {
            segment = tryTake(small, limit, position, now);
        }
        if (segment == null) {
            throw new IllegalStateException("More bodies than there can be connections");
        }
        return segment;
    }

    private @Nullable Segment tryTake(BufferPool pool, int limit, long position, long now) throws IOException {
        ByteBuffer memory = pool.tryTake();
        if (memory == null) {
            return null;
        }
        int capacity = Math.min(limit, pool.size());
        try {
            space.promise(capacity);
        } catch (IOException e) {
            pool.giveBack(memory);
            throw e;
        }
        return new Segment(memory, pool, space, position, capacity, pool == direct, now);
    }

    private static int untilBoundary(long position, int size) {
        return size - (int) (position % size);
    }
}
