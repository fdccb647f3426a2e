package dev.narwhal.ingest;

import dev.narwhal.access.Authenticator;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends running bodies whose key or upload URL was revoked, on this node or on another, within five seconds: one second
 * between two looks, and what the {@link Authenticator} remembers. A body may otherwise run for days.
 */
final class RevokedBodies implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RevokedBodies.class);

    private final RunningBodies bodies;
    private final Authenticator authenticator;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("revoked-bodies").factory());

    RevokedBodies(RunningBodies bodies, Authenticator authenticator) {
        this.bodies = bodies;
        this.authenticator = authenticator;
    }

    void start() {
        var unused = timer.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
    }

    private void look() {
        for (String credential : bodies.credentials()) {
            try {
                if (authenticator.isRevoked(credential)) {
                    bodies.revoke(credential);
                }
            } catch (RuntimeException e) {
                // Without the database nobody knows; the next look may.
                log.debug("access.revocation-unknown credential={}", credential, e);
            }
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
