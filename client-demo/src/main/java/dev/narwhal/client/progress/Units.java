package dev.narwhal.client.progress;

import java.time.Duration;
import java.util.Locale;

/** Numbers as people read them; the same in every locale, so that scripts can read them too. */
public final class Units {

    private static final String[] NAMES = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    private static final int STEP = 1024;

    private Units() {}

    /** {@code 532 B}, {@code 1.5 KiB}, {@code 25.0 MiB}; binary multiples. */
    public static String bytes(long count) {
        if (count < STEP) {
            return count + " B";
        }
        double value = count;
        int unit = 0;
        // Compared as it will be printed: 1023.97 would become "1024.0 KiB".
        while (value >= STEP - 0.05 && unit < NAMES.length - 1) {
            value /= STEP;
            unit++;
        }
        return String.format(Locale.ROOT, "%.1f %s", value, NAMES[unit]);
    }

    public static String speed(double bytesPerSecond) {
        return bytes(Math.round(bytesPerSecond)) + "/s";
    }

    /** {@code 0.4 s}, {@code 59.9 s}, {@code 2 min 05 s}, {@code 1 h 03 min}. */
    public static String duration(Duration duration) {
        long tenths = Math.round(duration.toMillis() / 100.0);
        if (tenths < 600) {
            return String.format(Locale.ROOT, "%d.%d s", tenths / 10, tenths % 10);
        }
        long seconds = Math.round(tenths / 10.0);
        if (seconds < 3600) {
            return String.format(Locale.ROOT, "%d min %02d s", seconds / 60, seconds % 60);
        }
        long minutes = Math.round(seconds / 60.0);
        return String.format(Locale.ROOT, "%d h %02d min", minutes / 60, minutes % 60);
    }

    /** {@code 0:42}, {@code 12:05}, {@code 1:02:03}. */
    public static String clock(Duration duration) {
        long seconds = Math.round(duration.toMillis() / 1000.0);
        return seconds < 3600
                ? String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
    }

    /** Rounded down: 100 only when everything is there. An empty file is there from the start. */
    public static int percent(long part, long whole) {
        return whole == 0 ? 100 : (int) Math.floor(100.0 * part / whole);
    }

    /** A file's name for a terminal: control characters could move the cursor or change its colours. */
    public static String printable(String text) {
        return text.codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? '?' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
