package dev.narwhal.staging;

import java.nio.file.Path;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * Whether bytes can be staged: DOWN when the volume that this process began with is not there any more, {@link #DEGRADED}
 * when all that is free is the reserve. Then creations and bodies are answered 507, and everything else goes on.
 */
final class StagingHealth extends AbstractHealthIndicator {

    /** Uploads are received or may be asked for all the same. */
    static final Status DEGRADED = new Status("DEGRADED");

    private final Path root;
    private final String volume;
    private final SpaceGuard space;

    /** @param root where the staging of {@code volume} is expected */
    StagingHealth(Path root, String volume, SpaceGuard space) {
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
