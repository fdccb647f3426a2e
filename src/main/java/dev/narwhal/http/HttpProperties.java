package dev.narwhal.http;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * @param bodyMemory heap that all bodies in progress may hold together, at least 1 MB; by default half of the JVM's
 *     maximum heap. A body that does not fit gets 503.
 * @param headTimeout how long the head of an HTTP/1.1 request may take from its first byte to its last: 1 s to 1 h
 */
@ConfigurationProperties("narwhal.limits")
public record HttpProperties(
        @Nullable DataSize bodyMemory, @DefaultValue("30s") Duration headTimeout) {

    private static final DataSize SMALLEST = DataSize.ofMegabytes(1);
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofHours(1);

    public HttpProperties {
        if (bodyMemory != null && bodyMemory.compareTo(SMALLEST) < 0) {
            throw new IllegalArgumentException(
                    "narwhal.limits.body-memory is " + bodyMemory + ", but must be at least 1MB");
        }
        if (headTimeout.compareTo(SHORTEST) < 0 || headTimeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "narwhal.limits.head-timeout is " + headTimeout + ", but must be within 1s and 1h");
        }
    }
}
