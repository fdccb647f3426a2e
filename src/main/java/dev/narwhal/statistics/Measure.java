package dev.narwhal.statistics;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What is counted. Each constant is a column of the table {@code statistics}. */
enum Measure {
    CREATED,
    FINISHED,
    DELIVERED,
    FAILED,
    EXPIRED,
    TERMINATED,
    RECEIVED_BYTES,
    DELIVERED_BYTES,
    /** Bytes of finished uploads whose time counts: a final is made of bytes that had come before it was created. */
    TIMED_BYTES,
    /** Milliseconds from the creation of these uploads to their last byte. */
    TIMED_MILLIS,
    SIZE_0,
    SIZE_1,
    SIZE_2,
    SIZE_3,
    SIZE_4,
    SIZE_5,
    SIZE_6,
    SIZE_7,
    SIZE_8,
    SIZE_9;

    /** Finished uploads smaller than 10 kB, then ten times more with each range; the last has no end. */
    static final List<Measure> SIZES =
            List.of(SIZE_0, SIZE_1, SIZE_2, SIZE_3, SIZE_4, SIZE_5, SIZE_6, SIZE_7, SIZE_8, SIZE_9);

    private static final long FIRST_LIMIT = 10_000;
    private static final int TEN = 10;

    String column() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Measure ofSize(long bytes) {
        int range = 0;
        for (long limit = FIRST_LIMIT; bytes >= limit && range < SIZES.size() - 1; limit *= TEN) {
            range++;
        }
        return SIZES.get(range);
    }

    /** The size that all uploads of a range are below; that of the last range means nothing. */
    static long limitOf(int range) {
        long limit = FIRST_LIMIT;
        for (int i = 0; i < range; i++) {
            limit *= TEN;
        }
        return limit;
    }

    /** Of all columns, in the order of the constants. */
    static String columns(String pattern) {
        return Arrays.stream(values())
                .map(measure -> pattern.replace("$", measure.column()))
                .collect(Collectors.joining(", "));
    }
}
