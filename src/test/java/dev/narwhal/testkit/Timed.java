package dev.narwhal.testkit;

import java.time.Duration;
import java.util.concurrent.Callable;

/**
 * An answer, and how long it took.
 *
 * @param took from before the request was sent until the answer was there
 */
public record Timed<T>(T answer, Duration took) {

    public static <T> Timed<T> of(Callable<T> request) throws Exception {
        long asked = System.nanoTime();
        T answer = request.call();
        return new Timed<>(answer, Duration.ofNanos(System.nanoTime() - asked));
    }
}
