package dev.narwhal.lease;

/**
 * How far a body is.
 *
 * @param start offset at which it began
 * @param end offset that it has reached, as far as that counts; at least {@code start}
 */
public record BodyProgress(long start, long end) {

    /** True for an offset that this body has left behind. */
    public boolean isPast(long offset) {
        return offset >= start && offset < end;
    }
}
