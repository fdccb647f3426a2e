package dev.narwhal.protocol.tus;

/**
 * The largest upload, and the most partials of a final.
 *
 * @param maxSize bytes, at least 1; {@link Long#MAX_VALUE} for no limit
 * @param maxPartials how many partials a final may have, at least 1
 */
record TusLimits(long maxSize, int maxPartials) {

    /** The largest upload in bytes. */
    long largestUpload() {
        return maxSize;
    }

    /** The value of Tus-Max-Size; 0 without a limit, for which the engine omits the header (T9). */
    long advertisedMaxSize() {
        return maxSize == Long.MAX_VALUE ? 0 : maxSize;
    }

    /** The same, or less. */
    TusLimits within(long largest) {
        return largest < maxSize ? new TusLimits(largest, maxPartials) : this;
    }

    void requireAllowed(long length) throws TusProblem {
        if (length > maxSize) {
            throw tooLarge("An upload", maxSize);
        }
    }

    /** T159. */
    void requirePartials(int count) throws TusProblem {
        if (count > maxPartials) {
            throw new TusProblem(
                    TusError.TOO_MANY_PARTIALS,
                    "A final upload may have at most " + maxPartials + " partial uploads, not " + count + ".");
        }
    }

    static TusProblem tooLarge(String what, long largest) {
        return new TusProblem(TusError.MAX_SIZE_EXCEEDED, what + " may have at most " + largest + " bytes.");
    }
}
