package dev.narwhal.upload;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long the rows of uploads that are over are kept.
 *
 * @param keepTombstones how long the row of an expired or deleted upload is kept, so that its client is told, 1 m to 3650 d; 0
 *     keeps it for ever
 * @param keepDelivered how long the row of a delivered upload is kept, by which it is found for downloads, 1 m to 3650 d; 0
 *     keeps it for ever. The delivered file always stays
 */
@ConfigurationProperties("narwhal.cleanup")
public record RetentionProperties(
        @DefaultValue("30d") Duration keepTombstones,
        @DefaultValue("0") Duration keepDelivered) {

    private static final Duration LEAST = Duration.ofMinutes(1);
    private static final Duration MOST = Duration.ofDays(3650);

    public RetentionProperties {
        requireAllowed("keep-tombstones", keepTombstones);
        requireAllowed("keep-delivered", keepDelivered);
    }

    private static void requireAllowed(String name, Duration value) {
        if (!value.isZero() && (value.compareTo(LEAST) < 0 || value.compareTo(MOST) > 0)) {
            throw new IllegalArgumentException(
                    "narwhal.cleanup." + name + " is " + value + ", but must be within 1m to 3650d, or 0 for ever");
        }
    }
}
