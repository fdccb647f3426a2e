package dev.narwhal.access.audit;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the audit log.
 *
 * @param keep how long entries are kept, at least 1 h
 * @param maxEntries how many acts and how many refusals are kept, at least 100 of each
 */
@ConfigurationProperties("narwhal.access.audit")
public record AuditProperties(
        @DefaultValue("90d") Duration keep,
        @DefaultValue("100000") int maxEntries) {

    private static final Duration SHORTEST = Duration.ofHours(1);
    private static final int FEWEST = 100;

    public AuditProperties {
        if (keep.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException("narwhal.access.audit.keep is " + keep + ", but must be at least 1h");
        }
        if (maxEntries < FEWEST) {
            throw new IllegalArgumentException(
                    "narwhal.access.audit.max-entries is " + maxEntries + ", but must be at least " + FEWEST);
        }
    }
}
