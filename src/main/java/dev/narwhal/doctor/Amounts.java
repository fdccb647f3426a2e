package dev.narwhal.doctor;

import java.time.Duration;
import java.util.Locale;
import org.springframework.util.unit.DataSize;

/** Formats sizes and times for people. */
final class Amounts {

    private static final int MOST_MEGABYTES = 10_000;

    private Amounts() {}

    static String size(long bytes) {
        long megabytes = DataSize.ofBytes(bytes).toMegabytes();
        return megabytes < MOST_MEGABYTES
                ? megabytes + " MB"
                : String.format(Locale.ROOT, "%.1f GB", megabytes / 1024.0);
    }

    static String millis(Duration time) {
        return String.format(Locale.ROOT, "%.2f ms", time.toNanos() / 1e6);
    }
}
