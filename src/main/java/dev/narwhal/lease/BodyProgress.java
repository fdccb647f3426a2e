package dev.narwhal.lease;

/**
 * The range of offsets that a body covers.
 * @param start offset at which the body began
 * @param end offset up to which its bytes count; at least {@code start}
 */
public record BodyProgress(long start, long end) {

    /** True for an offset that this body has passed. */
    public boolean isPast(long offset) {
        return offset >= start && offset < end;
    }
}
