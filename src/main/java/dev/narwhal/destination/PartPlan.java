package dev.narwhal.destination;

/**
 * How an object is cut into parts. Stored before the first byte is sent and never changed afterwards: parts of two plans
 * do not fit together.
 *
 * @param length bytes of the whole object, from 0
 * @param partSize bytes of each part but the last, at least {@link #MIN_PART_SIZE}
 */
public record PartPlan(long length, long partSize) {

    /** Every part but the last has at least 5 MiB: object stores take no smaller ones. */
    public static final long MIN_PART_SIZE = 5L << 20;

    /** At most 10,000 parts, which every object store takes. */
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

    /** The plan for a new object: parts of 16 MiB while 10,000 of them suffice (156 GiB), then the least whole MiB. */
    public static PartPlan of(long length) {
        return of(length, DEFAULT_PART_SIZE);
    }

    /** The same with parts of {@code leastPartSize} while 10,000 of them suffice. */
    public static PartPlan of(long length, long leastPartSize) {
        long needed = Math.ceilDiv(Math.max(0, length), MAX_PARTS);
        return new PartPlan(length, Math.max(leastPartSize, Math.ceilDiv(needed, MEBIBYTE) * MEBIBYTE));
    }

    /** At least 1: an empty object is one empty part. */
    public int partCount() {
        return (int) Math.max(1, Math.ceilDiv(length, partSize));
    }

    /** True when the object is one part, and so needs no multipart upload. */
    public boolean isSingle() {
        return partCount() == 1;
    }

    /** How many parts end at or below {@code offset}: from 0 to all. */
    public int partsBelow(long offset) {
        return offset >= length ? partCount() : (int) (offset / partSize);
    }

    /** Where part {@code number} (from 1) begins. */
    public long position(int number) {
        return (number - 1) * partSize;
    }

    /** Where the part ends, and the next one begins. */
    public long end(int number) {
        return position(number) + size(number);
    }

    /** Bytes of part {@code number} (from 1). */
    public long size(int number) {
        return Math.min(partSize, length - position(number));
    }
}
