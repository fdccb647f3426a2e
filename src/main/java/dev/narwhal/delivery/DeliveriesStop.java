package dev.narwhal.delivery;

import com.github.kagkarlsson.scheduler.Scheduler;
import org.springframework.context.SmartLifecycle;

/**
 * Tells the deliveries that the process stops as soon as it does, so that they end while the container still answers the
 * last requests; the scheduler, which is stopped after it, then has nothing to wait for.
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

    /** Before the bodies, whose end takes its time. */
    @Override
    public int getPhase() {
        return DEFAULT_PHASE;
    }
}
