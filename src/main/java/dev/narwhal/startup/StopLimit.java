package dev.narwhal.startup;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;

/**
 * The end of a stop that does not come to its end: a disk, a database or a store that does not answer must not keep the
 * process. Then it goes as by SIGKILL, which loses nothing that was acknowledged.
 *
 * <p>For the process, not for a context: an application that embeds the server ends by itself.
 */
public final class StopLimit implements ApplicationListener<ApplicationReadyEvent> {

    private static final Logger log = LoggerFactory.getLogger(StopLimit.class);

    static final Duration LIMIT = Duration.ofMillis(5500);

    /** What the JVM ends with after SIGTERM. */
    private static final int TERMINATED = 143;

    @Override
    public void onApplicationEvent(ApplicationReadyEvent event) {
        Runtime.getRuntime().addShutdownHook(new Thread(StopLimit::watch, "stop-limit"));
    }

    /** The JVM waits for its hooks, and not for daemons. */
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
