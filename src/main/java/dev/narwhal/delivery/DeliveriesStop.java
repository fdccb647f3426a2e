package dev.narwhal.delivery;

import com.github.kagkarlsson.scheduler.Scheduler;
import org.springframework.context.SmartLifecycle;

/**
 * Stops the deliveries at the beginning of the process's stop, so that they end while the container still answers the last
 * requests. The scheduler is stopped later, and then has nothing to wait for.
 */
final class DeliveriesStop implements SmartLifecycle {

    private final Scheduler scheduler;
    private final RunningDeliveries running;
    private volatile boolean started;

    DeliveriesStop(Scheduler scheduler, RunningDeliveries running) {
        this.scheduler = scheduler;
        this.running = running;
    }

    @Override
    public void start() {
        started = true;
    }

    @Override
    public void stop() {
        started = false;
        scheduler.pause();
        running.stopAll();
    }

    @Override
    public boolean isRunning() {
        return started;
    }

    /** Before the bodies are stopped, which takes some time. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE;
    }
}
