package dev.narwhal.upload;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Limits of every upload.
 *
 * @param maxSize the largest upload that the server accepts, at least 1 byte (Tus-Max-Size); null for no limit
 * @param expireAfter how long the server keeps an unfinished upload after its last byte, 1 s to 3650 d; 0 keeps it for ever
 * @param sweepInterval how often the server removes the bytes of expired uploads, 1 s to 1 h
 * @param bodyTimeout the silence after which the server cuts off a request's body and lets another request continue the upload,
 *     100 ms to 1 h
 * @param minimumRate the least bytes a second of a body, on average over {@code bodyTimeout}, 0 to 1 MB; the server cuts off a
 *     slower body like a silent one; 0 for no minimum
 * @param maxPartials how many partial uploads a final one may name, 1 to 1000
 */
@ConfigurationProperties("narwhal.upload")
public record UploadProperties(
        @Nullable DataSize maxSize,
        @DefaultValue("24h") Duration expireAfter,
        @DefaultValue("1m") Duration sweepInterval,
        @DefaultValue("60s") Duration bodyTimeout,
        @DefaultValue("100B") DataSize minimumRate,
        @DefaultValue("64") int maxPartials) {

    private static final DataSize HIGHEST_RATE = DataSize.ofMegabytes(1);
    private static final Duration LONGEST_EXPIRY = Duration.ofDays(3650);

    /** While the final is read, the server holds one open file for each partial. */
    private static final int MOST_PARTIALS = 1000;

    public UploadProperties {
        if (maxSize != null && maxSize.toBytes() < 1) {
            throw new IllegalArgumentException(
                    "narwhal.upload.max-size is " + maxSize + ", but must be at least 1B, or absent for no limit");
        }
        if (!expireAfter.isZero()) {
            requireWithin(
                    "expire-after", expireAfter, Duration.ofSeconds(1), LONGEST_EXPIRY, "1s to 3650d, or 0 for never");
        }
        requireWithin("sweep-interval", sweepInterval, Duration.ofSeconds(1), Duration.ofHours(1), "1s to 1h");
        requireWithin("body-timeout", bodyTimeout, Duration.ofMillis(100), Duration.ofHours(1), "100ms to 1h");
        if (minimumRate.isNegative() || minimumRate.compareTo(HIGHEST_RATE) > 0) {
            throw new IllegalArgumentException(
                    "narwhal.upload.minimum-rate is " + minimumRate + ", but must be within 0B to 1MB");
        }
        if (maxPartials < 1 || maxPartials > MOST_PARTIALS) {
            throw new IllegalArgumentException(
                    "narwhal.upload.max-partials is " + maxPartials + ", but must be within 1 to " + MOST_PARTIALS);
        }
    }

    /** Bytes; {@link Long#MAX_VALUE} when there is no limit. */
    public long largestUpload() {
        return maxSize == null ? Long.MAX_VALUE : maxSize.toBytes();
    }

    /** False when the server keeps unfinished uploads for ever. */
    public boolean isExpiring() {
        return !expireAfter.isZero();
    }

    private static void requireWithin(String name, Duration value, Duration least, Duration most, String allowed) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "narwhal.upload." + name + " is " + value + ", but must be within " + allowed);
        }
    }
}
