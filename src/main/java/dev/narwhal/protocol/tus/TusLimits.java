package dev.narwhal.protocol.tus;

/**
 * How large an upload may be.
 *
 * @param maxSize bytes, at least 1; {@link Long#MAX_VALUE} when there is no limit
 */
record TusLimits(long maxSize) {

    /** The largest upload that is taken. */
    long largestUpload() {
        return maxSize;
    }

    /** What Tus-Max-Size says; 0 when there is no limit, which the engine takes for "say nothing" (T9). */
    long advertisedMaxSize() {
        return maxSize == Long.MAX_VALUE ? 0 : maxSize;
    }

    void requireAllowed(long length) throws TusProblem {
        if (length > maxSize) {
            throw new TusProblem(TusError.MAX_SIZE_EXCEEDED, "An upload may have at most " + maxSize + " bytes.");
        }
    }
}
