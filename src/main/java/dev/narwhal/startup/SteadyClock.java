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
 * A clock that is not affected when somebody sets the machine's clock. It never goes back and never jumps. When the
 * machine's clock differs, this clock approaches it, running a tenth faster or slower, until both agree again.
 *
 * <p>Otherwise a clock set forward by a day would expire uploads of live clients. A clock set back by hours would delay
 * everything that waits for a time by as long, including the scheduler's polling. A restart takes the machine's clock
 * as it is.
 */
final class SteadyClock extends Clock {

    private static final Logger log = LoggerFactory.getLogger(SteadyClock.class);

    /**
     * The largest difference that does not count as setting the clock: a running time service makes smaller
     * corrections.
     */
    private static final Duration LEAP = Duration.ofSeconds(10);

    private static final int SLOWNESS = 10;

    private final Clock machine;
    private final LongSupplier nanoTime;
    private Instant now;
    private long readAt;
    private boolean isFollowing;

    /** @param nanoTime elapsed time from any origin: {@link System#nanoTime} */
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

    /** No code of ours uses the zone. */
    @Override
    public Clock withZone(ZoneId zone) {
        return this;
    }
}
