package dev.narwhal.lease;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param takeoverTimeout how long a request waits for the current holder of the upload to let go, before it gets 423.
 *     More than 0, at most 1m.
 */
@ConfigurationProperties("narwhal.lease")
public record LeaseProperties(@DefaultValue("5s") Duration takeoverTimeout) {

    private static final Duration MOST = Duration.ofMinutes(1);

    public LeaseProperties {
        if (takeoverTimeout.isNegative() || takeoverTimeout.isZero() || takeoverTimeout.compareTo(MOST) > 0) {
            throw new IllegalArgumentException("narwhal.lease.takeover-timeout is " + takeoverTimeout
                    + "; allowed is a duration of more than 0 and at most 1m, such as 5s.");
        }
    }
}
