package dev.narwhal.access.limits;

import io.github.bucket4j.Bucket;
import java.util.List;

/**
 * How fast a body may be read: asked before each read, told after it. The bodies of one owner share one pace. Safe for any
 * number of threads.
 */
public final class Pace {

    /** No limit: never waits. */
    public static final Pace FREE = new Pace(List.of(), Integer.MAX_VALUE);

    private static final int LEAST_PIECE = 4 << 10;
    private static final int LARGEST_PIECE = 1 << 20;
    private static final int PIECES_PER_SECOND = 4;

    private final List<Bucket> buckets;
    private final int piece;

    private Pace(List<Bucket> buckets, int piece) {
        this.buckets = buckets;
        this.piece = piece;
    }

    /** @param slowest bytes per second of the slowest bucket */
    static Pace of(List<Bucket> buckets, long slowest) {
        return buckets.isEmpty()
                ? FREE
                : new Pace(buckets, (int) Math.clamp(slowest / PIECES_PER_SECOND, LEAST_PIECE, LARGEST_PIECE));
    }

    public boolean isFree() {
        return buckets.isEmpty();
    }

    /** The most bytes that one read may take: a quarter of a second's worth, so that bytes come evenly. */
    public int piece() {
        return piece;
    }

    /** Nanoseconds until the next read may begin; 0 or less for now. */
    public long nanosToWait() {
        long wait = 0;
        for (Bucket bucket : buckets) {
            wait = Math.max(wait, bucket.estimateAbilityToConsume(1).getNanosToWaitForRefill());
        }
        return wait;
    }

    /** @param bytes that a read has brought; they count even when the owner has none left */
    public void took(int bytes) {
        for (Bucket bucket : buckets) {
            long unused = bucket.consumeIgnoringRateLimits(bytes);
        }
    }
}
