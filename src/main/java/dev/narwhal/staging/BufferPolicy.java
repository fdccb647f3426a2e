package dev.narwhal.staging;

/**
 * Measures the speed of a body and chooses its next buffer: a small one for slow or short bodies, direct I/O for fast
 * and large ones. Reads the clock once for each buffer and once for each window, not for each read.
 */
final class BufferPolicy {

    /** From the smallest; each needs more memory and fewer system calls than the one before. */
    enum Kind {
        SMALL,
        MEDIUM,
        DIRECT
    }

    private static final int FAST_ENOUGH = 4;

    private final StagingTuning tuning;
    /** Bytes of the whole body; -1 when unknown. */
    private final long expected;

    private Kind kind = Kind.SMALL;
    private long received;
    private long windowBytes;
    private long windowStart;
    private boolean fast;

    /** @param fast whether the upload's last body was fast: then this one need not show it first */
    BufferPolicy(StagingTuning tuning, long expected, boolean fast) {
        this.tuning = tuning;
        this.expected = expected;
        this.fast = fast;
        this.windowStart = now();
    }

    long now() {
        return tuning.nanoTime().getAsLong();
    }

    void received(int bytes) {
        received += bytes;
        windowBytes += bytes;
        if (windowBytes >= tuning.fastWindow()) {
            long now = now();
            // Hysteresis: a fast body may slow down a little before it loses direct I/O.
            fast = now - windowStart <= (fast ? FAST_ENOUGH * tuning.fastNanos() : tuning.fastNanos());
            windowStart = now;
            windowBytes = 0;
        }
    }

    boolean isFast() {
        return fast;
    }

    /** The kind of the next buffer. */
    Kind nextKind() {
        boolean direct = fast && isLarge();
        if (direct || kind == Kind.DIRECT) {
            kind = direct ? Kind.DIRECT : Kind.MEDIUM;
        }
        return kind;
    }

    /** Called when a buffer is full: the next one may be larger. */
    void filled(Segment segment) {
        long perMedium = (now() - segment.takenAt()) * tuning.mediumBuffer() / segment.capacity();
        if (perMedium > tuning.tooSlowNanos() / 2) {
            kind = Kind.SMALL;
        } else if (kind == Kind.SMALL) {
            kind = Kind.MEDIUM;
        }
    }

    /** True when the body has become too slow to keep a buffer of this size for itself. */
    boolean isTooSlowFor(Segment segment) {
        return segment.capacity() > tuning.smallBuffer() && now() - segment.takenAt() > tuning.tooSlowNanos();
    }

    /** Called when a slow body has lost its buffer. */
    void downgraded() {
        kind = Kind.SMALL;
        fast = false;
        windowBytes = 0;
        windowStart = now();
    }

    private boolean isLarge() {
        if (expected < 0) {
            return received >= tuning.largeReceived();
        }
        return expected - received >= (kind == Kind.DIRECT ? tuning.mediumBuffer() : tuning.largeRemaining());
    }
}
