package dev.narwhal.access.limits;

/**
 * What is in use.
 *
 * @param stagedBytes as {@link dev.narwhal.access.Limits#stagedBytes()} counts them
 * @param activeUploads as {@link dev.narwhal.access.Limits#activeUploads()} counts them
 */
public record Usage(long stagedBytes, long activeUploads) {

    public static final Usage NONE = new Usage(0, 0);
}
