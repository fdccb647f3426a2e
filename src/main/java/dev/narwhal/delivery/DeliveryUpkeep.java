package dev.narwhal.delivery;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The regular work beside {@link TakenDeliveries}: renews the takes, and gives the scheduler what nobody delivers. Runs on a
 * thread of its own, so that no delivery delays a renewal.
 */
final class DeliveryUpkeep {

    private static final Logger log = LoggerFactory.getLogger(DeliveryUpkeep.class);

    static final Duration INTERVAL = Duration.ofSeconds(10);

    private final TakenDeliveries taken;
    private final DeliveryHandback handback;
    private final LostTasks lost;
    private final LeftBytes bytes;
    private final RunningDeliveries running;
    private final ScheduledExecutorService timer = UninterruptibleExecutor.timer("delivery-upkeep");

    DeliveryUpkeep(
            TakenDeliveries taken,
            DeliveryHandback handback,
            LostTasks lost,
            LeftBytes bytes,
            RunningDeliveries running) {
        this.taken = taken;
        this.handback = handback;
        this.lost = lost;
        this.bytes = bytes;
        this.running = running;
    }

    /** One step of the regular work. */
    @FunctionalInterface
    private interface Step {
        void run() throws IOException;
    }

    void start() {
        taken.start();
        timer.execute(() -> attempt(() -> bytes.find(running::isStopping)));
        var unused = timer.scheduleWithFixedDelay(
                this::run, INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    void run() {
        attempt(() -> taken.renew(INTERVAL.dividedBy(2)));
        attempt(handback::settle);
        attempt(lost::restoreExpired);
    }

    /** The next run makes up for a failed one. */
    private static void attempt(Step step) {
        try {
            step.run();
        } catch (IOException | RuntimeException e) {
            log.warn("delivery.upkeep-failed it is tried again: {}", e.toString());
        }
    }

    void stop() {
        timer.shutdown();
        taken.stop();
    }
}
