package dev.narwhal.staging;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The buffers of one store: provides the kind that suits a body, or the next smaller one when none is left. */
final class SegmentSource {

    /** Enough for the disk to find work when it ends a write, also while the reader is held up for a millisecond. */
    private static final int MOST_BEHIND = 3;

    private final BufferPool small;
    private final BufferPool medium;
    private final BufferPool direct;
    private final SpaceBudget space;

    SegmentSource(StagingTuning tuning, SpaceBudget space) {
        // Each body needs at least one of these: the number of connections bounds theirs.
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

    /** How many full direct segments of one body may wait for the disk: more of them while few are in use. */
    int writesBehind() {
        return 2 * direct.lent() <= direct.limit() ? MOST_BEHIND : 1;
    }

    /** Aligned memory for direct reads; null when none is left. */
    @Nullable
    ByteBuffer tryTakeDirect() {
        return direct.tryTake();
    }

    void giveBackDirect(ByteBuffer memory) {
        direct.giveBack(memory);
    }

    /**
     * A segment for the bytes from {@code position} on.
     * @throws StagingFullException when only the reserve is free
     */
    Segment next(BufferPolicy policy, long position, AppendFile file) throws IOException {
        BufferPolicy.Kind kind = policy.nextKind();
        int limit = Integer.MAX_VALUE;
        if (kind == BufferPolicy.Kind.DIRECT && file.isDirectPossible()) {
            if (position % StagingTuning.ALIGNMENT == 0) {
                Segment segment = tryTake(direct, untilBoundary(position, direct.size()), position, policy.now());
                if (segment != null) {
                    return segment;
                }
            } else {
                limit = untilBoundary(position, medium.size());
            }
        }
        return cached(kind, position, limit, policy.now());
    }

    private Segment cached(BufferPolicy.Kind kind, long position, int limit, long now) throws IOException {
        Segment segment = kind == BufferPolicy.Kind.SMALL ? null : tryTake(medium, limit, position, now);
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
            space.acquire(capacity);
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
