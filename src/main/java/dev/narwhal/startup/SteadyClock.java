package dev.narwhal.startup;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The time of day as it would be had nobody set the machine's clock. It never goes back and never leaps: where the machine's
 * clock is found elsewhere it is followed slowly, a tenth faster or slower than time passes, until both agree again.
 *
 * <p>Else a clock that is set forward by a day would expire uploads whose clients are still there, and one that is set back
 * by hours would stop for so long whatever waits for a time: the scheduler's own look at what is due among it. After a
 * restart the machine's clock is believed as it is.
 */
final class SteadyClock extends Clock {

    private static final Logger log = LoggerFactory.getLogger(SteadyClock.class);

    /** What a machine's clock may be off by without having been set: corrections of a running time service are smaller. */
    private static final Duration LEAP = Duration.ofSeconds(10);

    private static final int SLOWNESS = 10;

    private final Clock machine;
    private final LongSupplier nanoTime;
    private Instant now;
    private long readAt;
    private boolean isFollowing;

    /** @param nanoTime time that passes, from any beginning: {@link System#nanoTime} */
    SteadyClock(Clock machine, LongSupplier nanoTime) {
        this.machine = machine;
        this.nanoTime = nanoTime;
        this.now = machine.instant();
        this.readAt = nanoTime.getAsLong();
    }

    @Override
    public synchronized Instant instant() {
        long at = nanoTime.getAsLong();
        Duration passed = Duration.ofNanos(at - readAt);
        readAt = at;
        Duration off = Duration.between(now.plus(passed), machine.instant());
        tell(off);
        Duration most = passed.dividedBy(SLOWNESS);
        now = now.plus(passed).plus(clamp(off, most));
        return now;
    }

    private static Duration clamp(Duration off, Duration most) {
        if (off.abs().compareTo(most) <= 0) {
            return off;
        }
        return off.isNegative() ? most.negated() : most;
    }

    private void tell(Duration off) {
        boolean isOff = off.abs().compareTo(LEAP) > 0;
        if (isOff && !isFollowing) {
            log.warn("clock.set by={} the machine's clock was set; it is followed slowly", rounded(off));
        }
        isFollowing = isOff;
    }

    private static Duration rounded(Duration off) {
        return off.plusMillis(500).truncatedTo(ChronoUnit.SECONDS);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    /** Nothing of ours asks for a zone. */
    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
