package dev.narwhal.database;

import java.time.Duration;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

/**
 * Reports how long the oldest change of a row has waited for its commit and sync. Not part of readiness: while the disk hangs,
 * the server still answers requests.
 */
final class CommitterHealth extends AbstractHealthIndicator {

    /** No healthy disk takes so long; readers have given up waiting by then. */
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
