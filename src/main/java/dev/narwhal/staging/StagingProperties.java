package dev.narwhal.staging;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of staging.
 *
 * @param type Where the server keeps bytes between the first chunk and delivery.
 * @param sync Whether the server syncs bytes to the disk before it acknowledges them (ack), or the operating system
 *     decides when to write (none: acknowledged bytes do not survive power loss).
 * @param reserve Free space that uploads never use: below it creations and bodies get 507, so that the database can
 *     still write.
 * @param keepAfterDelivery How long the server keeps staged bytes after their delivery.
 */
@ConfigurationProperties("narwhal.staging")
public record StagingProperties(
        @DefaultValue("disk") StagingType type,
        @DefaultValue("ack") SyncMode sync,
        @DefaultValue("256MB") DataSize reserve,
        @DefaultValue("0s") Duration keepAfterDelivery) {

    public StagingProperties {
        if (reserve.isNegative()) {
            throw new IllegalArgumentException(
                    "narwhal.staging.reserve is " + reserve + ": it must be 0B or more, for instance 256MB");
        }
        if (keepAfterDelivery.isNegative()) {
            throw new IllegalArgumentException("narwhal.staging.keep-after-delivery is " + keepAfterDelivery
                    + ": it must be 0s or more, for instance 24h");
        }
    }
}
