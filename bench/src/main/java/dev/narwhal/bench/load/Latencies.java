package dev.narwhal.bench.load;

import java.util.Arrays;

/** Nanoseconds of each operation of one connection. */
public final class Latencies {

    private long[] nanos = new long[4096];
    private int count;

    public void add(long nanosecond) {
        if (count == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * count);
        }
        nanos[count++] = nanosecond;
    }

    long[] nanos() {
        return Arrays.copyOf(nanos, count);
    }
}
