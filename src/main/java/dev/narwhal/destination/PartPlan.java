package dev.narwhal.destination;

/**
 * How an object is cut into parts. The server stores the plan before it sends the first byte, and never changes it: parts of
 * different plans cannot form one object.
 *
 * @param length bytes of the whole object, from 0
 * @param partSize bytes of each part except the last, at least {@link #MIN_PART_SIZE}
 */
public record PartPlan(long length, long partSize) {

    /** 5 MiB, in bytes. Object stores accept no smaller part, except the last one. */
    public static final long MIN_PART_SIZE = 5L << 20;

    /** 10,000 parts. Every supported object store accepts this number. */
    public static final int MAX_PARTS = 10_000;

    /** 16 MiB. */
    public static final long DEFAULT_PART_SIZE = 16L << 20;

    private static final long MEBIBYTE = 1L << 20;

    public PartPlan {
        if (length < 0) {
            throw new IllegalArgumentException("An object's length is at least 0, not " + length);
        }
        if (partSize < MIN_PART_SIZE) {
            throw new IllegalArgumentException("A part's size is at least " + MIN_PART_SIZE + ", not " + partSize);
        }
        if (Math.ceilDiv(length, partSize) > MAX_PARTS) {
            throw new IllegalArgumentException(
                    "Parts of " + partSize + " bytes make more than " + MAX_PARTS + " out of " + length + " bytes");
        }
    }

    /**
     * The plan for a new object. Its parts have 16 MiB as long as 10,000 of them suffice (156 GiB); for a larger object they
     * have the smallest sufficient number of whole MiB.
     */
    public static PartPlan of(long length) {
        return of(length, DEFAULT_PART_SIZE);
    }

    /** The same with parts of {@code leastPartSize} bytes as long as 10,000 of them suffice. */
    public static PartPlan of(long length, long leastPartSize) {
        long needed = Math.ceilDiv(Math.max(0, length), MAX_PARTS);
        return new PartPlan(length, Math.max(leastPartSize, Math.ceilDiv(needed, MEBIBYTE) * MEBIBYTE));
    }

    /** At least 1: an empty object has one empty part. */
    public int partCount() {
        return (int) Math.max(1, Math.ceilDiv(length, partSize));
    }

    /** True when the object has one part, and needs no multipart upload. */
    public boolean isSingle() {
        return partCount() == 1;
    }

    /** The number of parts that end at or below {@code offset}. */
    public int partsBelow(long offset) {
        return offset >= length ? partCount() : (int) (offset / partSize);
    }

    /** The position of the first byte of part {@code number} (from 1). */
    public long position(int number) {
        return (number - 1) * partSize;
    }

    /** The position after the last byte of part {@code number} (from 1). */
    public long end(int number) {
        return position(number) + size(number);
    }

    /** Bytes of part {@code number} (from 1). */
    public long size(int number) {
        return Math.min(partSize, length - position(number));
    }
}
