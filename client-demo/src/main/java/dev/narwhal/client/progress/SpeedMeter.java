package dev.narwhal.client.progress;

import java.time.Duration;
import java.util.Optional;

/**
 * Bytes per second, smoothed so that the number can be read: a step in the true speed is shown to two thirds after
 * {@value #SMOOTHING_SECONDS} s. Not thread-safe.
 */
final class SpeedMeter {

    private static final double SMOOTHING_SECONDS = 3;
    private static final double SHORTEST_SAMPLE_SECONDS = 0.1;
    private static final Duration LONGEST_FORECAST = Duration.ofDays(100);

    private long lastNanos;
    private long lastPosition;
    private double speed = -1;

    SpeedMeter(long nanos, long position) {
        lastNanos = nanos;
        lastPosition = position;
    }

    /** A position below the last one is the server's correction after a break: it starts a new sample. */
    void sample(long nanos, long position) {
        double seconds = (nanos - lastNanos) / 1e9;
        if (position < lastPosition) {
            startSample(nanos, position);
        } else if (seconds >= SHORTEST_SAMPLE_SECONDS) {
            double rate = (position - lastPosition) / seconds;
            speed = speed < 0 ? rate : speed + (1 - Math.exp(-seconds / SMOOTHING_SECONDS)) * (rate - speed);
            startSample(nanos, position);
        }
    }

    /** The next sample begins here: what was there before, or found on the server, was not transferred just now. */
    void startSample(long nanos, long position) {
        lastNanos = nanos;
        lastPosition = position;
    }

    double bytesPerSecond() {
        return Math.max(0, speed);
    }

    /** Empty while nothing moves. */
    Optional<Duration> timeFor(long bytes) {
        double seconds = bytes / bytesPerSecond();
        return seconds < LONGEST_FORECAST.toSeconds()
                ? Optional.of(Duration.ofMillis(Math.round(seconds * 1000)))
                : Optional.empty();
    }
}
