package dev.narwhal.ingest;

import dev.narwhal.ingest.CleanupProperties.Orphans;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/** Runs {@link CutCreations} once, beside the requests. */
final class CutCreationsTask implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(CutCreationsTask.class);

    private final CutCreations creations;
    private final Orphans orphans;
    private volatile boolean running;

    CutCreationsTask(CutCreations creations, Orphans orphans) {
        this.creations = creations;
        this.orphans = orphans;
    }

    @Override
    public void start() {
        running = true;
        if (orphans != Orphans.OFF) {
            Thread.ofVirtual().name("cut-creations").start(this::run);
        }
    }

    private void run() {
        try {
            long unused = creations.remove(() -> !running);
        } catch (IOException | RuntimeException e) {
            log.warn("creations.not-searched the next start looks for their bytes: {}", e.toString());
        }
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }
}
