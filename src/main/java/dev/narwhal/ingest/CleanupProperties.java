package dev.narwhal.ingest;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * How long the server remembers what is over, and what it does about staged files that no row names.
 *
 * @param keepTombstones how long the row of an expired or deleted upload is kept, so that its client is told, 1 m to 3650 d; 0
 *     keeps it for ever
 * @param keepDelivered how long the row of a delivered upload is kept, by which it is found for downloads, 1 m to 3650 d; 0
 *     keeps it for ever. The delivered file always stays
 * @param orphans what is done about staged files without a row: off, report, remove
 * @param orphanInterval how often they are looked for, 1 m to 30 d
 * @param orphanAge how long such a file must not have been written to, 1 h to 3650 d
 * @param orphanShare percentage of the staged files, 1 to 100; when more are without a row, none is removed
 */
@ConfigurationProperties("narwhal.cleanup")
public record CleanupProperties(
        @DefaultValue("30d") Duration keepTombstones,
        @DefaultValue("0") Duration keepDelivered,
        @DefaultValue("report") Orphans orphans,
        @DefaultValue("24h") Duration orphanInterval,
        @DefaultValue("24h") Duration orphanAge,
        @DefaultValue("10") int orphanShare) {

    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(3650);

    /** What is done about staged files that no row names. */
    public enum Orphans {
        /** They are not looked for, also not those of cut creations at a start. */
        OFF,
        /** They are logged. */
        REPORT,
        /** They are logged and removed. */
        REMOVE
    }

    public CleanupProperties {
        if (!keepTombstones.isZero()) {
            requireWithin("keep-tombstones", keepTombstones, MINUTE, LONGEST, "1m to 3650d, or 0 for ever");
        }
        if (!keepDelivered.isZero()) {
            requireWithin("keep-delivered", keepDelivered, MINUTE, LONGEST, "1m to 3650d, or 0 for ever");
        }
        requireWithin("orphan-interval", orphanInterval, MINUTE, Duration.ofDays(30), "1m to 30d");
        requireWithin("orphan-age", orphanAge, Duration.ofHours(1), LONGEST, "1h to 3650d");
        if (orphanShare < 1 || orphanShare > 100) {
            throw new IllegalArgumentException(
                    "narwhal.cleanup.orphan-share is " + orphanShare + ", but must be within 1 to 100 (percent)");
        }
    }

    private static void requireWithin(String name, Duration value, Duration least, Duration most, String allowed) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    "narwhal.cleanup." + name + " is " + value + ", but must be within " + allowed);
        }
    }
}
