package dev.narwhal.statistics;

import java.time.Duration;
import java.time.Instant;

/** How long the time is that a row of the statistics adds up, in UTC. */
public enum Span {
    HOUR(Duration.ofHours(1)),
    DAY(Duration.ofDays(1));

    /** Rows of hours go after this time; those of days stay. */
    public static final Duration HOURS_KEPT = Duration.ofDays(90);

    private final Duration length;

    Span(Duration length) {
        this.length = length;
    }

    /** The beginning of the span that contains {@code time}. */
    public Instant startOf(Instant time) {
        return Instant.ofEpochSecond(Math.floorDiv(time.getEpochSecond(), length.toSeconds()) * length.toSeconds());
    }

    public Duration length() {
        return length;
    }
}
