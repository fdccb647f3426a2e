package dev.narwhal.database;

import java.time.Duration;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * How long the oldest change of a row has been waiting to be committed and synced. No part of readiness: where the disk hangs, whoever
 * asks is still answered.
 */
final class CommitterHealth extends AbstractHealthIndicator {

    /** No disk that is well takes so long; readers have given up waiting by then. */
    static final Duration TOO_LONG = Duration.ofSeconds(5);

    private static final Status DEGRADED = new Status("DEGRADED");

    private final RowCommitter committer;

    CommitterHealth(RowCommitter committer) {
        this.committer = committer;
    }

    @Override
    protected void doHealthCheck(Health.Builder builder) {
        Duration oldest = committer.oldestWait();
        builder.status(oldest.compareTo(TOO_LONG) > 0 ? DEGRADED : Status.UP)
                .withDetail("oldestWaitMillis", oldest.toMillis());
    }
}
