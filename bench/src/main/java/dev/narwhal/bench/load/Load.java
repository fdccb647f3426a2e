package dev.narwhal.bench.load;

/**
 * What a load took.
 *
 * @param seconds from the common start to the last answer
 * @param latencies of each operation, nanoseconds, sorted
 */
public record Load(double seconds, long[] latencies) {

    public int operations() {
        return latencies.length;
    }

    /** @return milliseconds; 0 without any operation */
    public double percentile(double share) {
        return latencies.length == 0 ? 0 : latencies[(int) ((latencies.length - 1) * share)] / 1e6;
    }
}
