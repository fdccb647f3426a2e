package dev.narwhal.staging;

import java.nio.file.Path;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * Whether the server can stage bytes: DOWN when the volume is missing with which this process started, {@link
 * #DEGRADED} when only the reserve is free. In the latter case creations and bodies get 507, and all other requests
 * work.
 */
final class StagingHealth extends AbstractHealthIndicator {

    /** The server still receives uploads, or at least answers requests for them. */
    static final Status DEGRADED = new Status("DEGRADED");

    private final Path root;
    private final String volume;
    private final SpaceBudget space;

    /** @param root where the staging of {@code volume} is expected */
    StagingHealth(Path root, String volume, SpaceBudget space) {
        super("The staging volume cannot be looked at");
        this.root = root;
        this.volume = volume;
        this.space = space;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) throws Exception {
        if (!StagingVolume.isAt(root, volume)) {
            builder.down().withDetail("reason", "The staging volume is not there");
            return;
        }
        long free = space.freeBytes();
        builder.status(free > space.reserve() ? Status.UP : DEGRADED)
                .withDetail("free", free)
                .withDetail("reserve", space.reserve());
    }
}
