package dev.narwhal.startup;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;

/**
 * Limits the time of a stop: a disk, a database or a store that does not answer must not keep the process alive. After
 * the limit the process ends as by SIGKILL, which loses no acknowledged byte.
 *
 * <p>Applies to the process, not to a context: an application that embeds the server ends by itself.
 */
public final class StopLimit implements ApplicationListener<ApplicationReadyEvent> {

    private static final Logger log = LoggerFactory.getLogger(StopLimit.class);

    static final Duration LIMIT = Duration.ofMillis(5500);

    /** The JVM's exit status after SIGTERM. */
    private static final int TERMINATED = 143;

    @Override
    public void onApplicationEvent(ApplicationReadyEvent event) {
        Runtime.getRuntime().addShutdownHook(new Thread(StopLimit::watch, "stop-limit"));
    }

    /** The JVM waits for shutdown hooks, but not for daemon threads. */
    private static void watch() {
        Thread.ofPlatform().daemon().name("stop-limit-watch").start(() -> {
            try {
                Thread.sleep(LIMIT);
            } catch (InterruptedException e) {
                return;
            }
            log.warn("server.stop-cut-short after={} nothing that was acknowledged is lost", LIMIT);
            Runtime.getRuntime().halt(TERMINATED);
        });
    }
}
