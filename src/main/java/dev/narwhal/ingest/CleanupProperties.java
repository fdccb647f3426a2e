package dev.narwhal.ingest;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What the server does about staged files that no row names.
 *
 * @param orphans what is done about staged files without a row: off, report, remove
 * @param orphanInterval how often they are looked for, 1 m to 30 d
 * @param orphanAge how long such a file must not have been written to, 1 h to 3650 d
 * @param orphanShare percentage of the staged files, 1 to 100; when more are without a row, none is removed
 */
@ConfigurationProperties("narwhal.cleanup")
public record CleanupProperties(
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
