package dev.narwhal.staging;

/**
 * How a body comes in, and so which buffer suits it next: a small one for the slow and the short, direct I/O for what is
 * fast and large. Looks at the clock once for each buffer and once for each window, not for each read.
 */
final class Pace {

    /** From the smallest: each takes more memory than the one before it and fewer system calls. */
    enum Gait {
        SMALL,
        MEDIUM,
        DIRECT
    }

    private static final int FAST_ENOUGH = 4;

    private final StagingTuning tuning;
    /** Bytes of the whole body; -1 when that is not known. */
    private final long expected;

    private Gait gait = Gait.SMALL;
    private long received;
    private long windowBytes;
    private long windowStart;
    private boolean fast;

    Pace(StagingTuning tuning, long expected) {
        this.tuning = tuning;
        this.expected = expected;
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
            // What is fast may be a little less so for a while: changing over and back gains nothing.
            fast = now - windowStart <= (fast ? FAST_ENOUGH * tuning.fastNanos() : tuning.fastNanos());
            windowStart = now;
            windowBytes = 0;
        }
    }

    /** The gait for the next buffer. */
    Gait gait() {
        boolean direct = fast && isLarge();
        if (direct || gait == Gait.DIRECT) {
            gait = direct ? Gait.DIRECT : Gait.MEDIUM;
        }
        return gait;
    }

    /** A buffer has been filled: perhaps the next can be larger. */
    void filled(Segment segment) {
        long perMedium = (now() - segment.takenAt()) * tuning.mediumBuffer() / segment.capacity();
        if (perMedium > tuning.tooSlowNanos() / 2) {
            gait = Gait.SMALL;
        } else if (gait == Gait.SMALL) {
            gait = Gait.MEDIUM;
        }
    }

    /** True when the body has become too slow to keep a buffer of this size for itself. */
    boolean isTooSlowFor(Segment segment) {
        return segment.capacity() > tuning.smallBuffer() && now() - segment.takenAt() > tuning.tooSlowNanos();
    }

    /** A buffer was taken away for slowness. */
    void slowedDown() {
        gait = Gait.SMALL;
        fast = false;
        windowBytes = 0;
        windowStart = now();
    }

    private boolean isLarge() {
        if (expected < 0) {
            return received >= tuning.largeReceived();
        }
        return expected - received >= (gait == Gait.DIRECT ? tuning.mediumBuffer() : tuning.largeRemaining());
    }
}
