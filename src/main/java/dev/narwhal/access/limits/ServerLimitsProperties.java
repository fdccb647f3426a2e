package dev.narwhal.access.limits;

import static dev.narwhal.access.limits.OwnerLimitsProperties.bytes;
import static dev.narwhal.access.limits.OwnerLimitsProperties.requireAtLeast;

import dev.narwhal.access.Limits;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.util.unit.DataSize;

/**
 * What all clients of this node together may use. Not set: no limit.
 *
 * @param bodies bodies that are received at a time, at least 1; creations are refused from nine tenths on
 * @param creationsPerSecond creations per second, at least 1
 * @param requestsPerSecond requests per second, at least 1
 * @param bytesPerSecond bytes of all bodies per second, at least 1 KB
 */
@ConfigurationProperties("narwhal.limits.server")
public record ServerLimitsProperties(
        @Nullable Long bodies,
        @Nullable Long creationsPerSecond,
        @Nullable Long requestsPerSecond,
        @Nullable DataSize bytesPerSecond) {

    private static final String PREFIX = "narwhal.limits.server.";

    public ServerLimitsProperties {
        requireAtLeast(1, bodies, PREFIX + "bodies", "1");
        requireAtLeast(1, creationsPerSecond, PREFIX + "creations-per-second", "1");
        requireAtLeast(1, requestsPerSecond, PREFIX + "requests-per-second", "1");
        requireAtLeast(OwnerLimitsProperties.SLOWEST, bytes(bytesPerSecond), PREFIX + "bytes-per-second", "1KB");
    }

    Limits rates() {
        return new Limits(null, null, null, creationsPerSecond, requestsPerSecond, bytes(bytesPerSecond));
    }
}
