package dev.narwhal.access.limits;

import dev.narwhal.access.Limits;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * What every owner may use. Not set: no limit.
 *
 * @param stagedBytes bytes of an owner's uploads that are neither delivered nor over
 * @param activeUploads unfinished uploads of an owner at a time
 * @param uploadSize bytes of one upload of an owner
 * @param creationsPerSecond creations of an owner per second on this node, at least 1
 * @param requestsPerSecond requests of an owner per second on this node, at least 1
 * @param bytesPerSecond bytes of an owner's bodies per second on this node, at least 1 KB
 */
@ConfigurationProperties("narwhal.limits.owner")
public record OwnerLimitsProperties(
        @Nullable DataSize stagedBytes,
        @Nullable Long activeUploads,
        @Nullable DataSize uploadSize,
        @Nullable Long creationsPerSecond,
        @Nullable Long requestsPerSecond,
        @Nullable DataSize bytesPerSecond) {

    static final long SLOWEST = 1 << 10;

    private static final String PREFIX = "narwhal.limits.owner.";

    public OwnerLimitsProperties {
        requireAtLeast(0, bytes(stagedBytes), PREFIX + "staged-bytes", "0B");
        requireAtLeast(0, activeUploads, PREFIX + "active-uploads", "0");
        requireAtLeast(0, bytes(uploadSize), PREFIX + "upload-size", "0B");
        requireAtLeast(1, creationsPerSecond, PREFIX + "creations-per-second", "1");
        requireAtLeast(1, requestsPerSecond, PREFIX + "requests-per-second", "1");
        requireAtLeast(SLOWEST, bytes(bytesPerSecond), PREFIX + "bytes-per-second", "1KB");
    }

    static @Nullable Long bytes(@Nullable DataSize size) {
        return size == null ? null : size.toBytes();
    }

    static void requireAtLeast(long least, @Nullable Long value, String name, String words) {
        if (value != null && value < least) {
            throw new IllegalArgumentException(name + " is " + value + ", but must be at least " + words);
        }
    }

    Limits limits() {
        return new Limits(
                bytes(stagedBytes),
                activeUploads,
                bytes(uploadSize),
                creationsPerSecond,
                requestsPerSecond,
                bytes(bytesPerSecond));
    }
}
