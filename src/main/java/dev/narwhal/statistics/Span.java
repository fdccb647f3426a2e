package dev.narwhal.statistics;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** How long the time is that a row of the statistics adds up, in UTC. */
public enum Span {
    HOUR(ChronoUnit.HOURS),
    DAY(ChronoUnit.DAYS);

    /** Rows of hours go after this time; those of days stay. */
    public static final Duration HOURS_KEPT = Duration.ofDays(90);

    private final ChronoUnit unit;

    Span(ChronoUnit unit) {
        this.unit = unit;
    }

    /** The beginning of the span that contains {@code time}. */
    public Instant startOf(Instant time) {
        return time.truncatedTo(unit);
    }

    public Duration length() {
        return unit.getDuration();
    }
}
