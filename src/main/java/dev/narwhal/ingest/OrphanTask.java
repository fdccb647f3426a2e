package dev.narwhal.ingest;

import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** The scheduled task that compares staged files with rows. */
final class OrphanTask {

    private static final String INSTANCE = "staged-files";

    private OrphanTask() {}

    /**
     * The task's name contains the volume's id: each process checks only its own volume, and does not know the tasks
     * of others.
     */
    static CustomTask<Void> of(
            OrphanSweep orphans, DamageSearch damage, String volume, Duration interval, Clock clock) {
        return Tasks.custom("orphans-" + volume, Void.class)
                .scheduleOnStartup(INSTANCE, null, now -> now.plus(interval))
                .onDeadExecutionRevive()
                .onFailure(new FailureHandler.OnFailureRetryLater<>(interval))
                .execute((instance, context) -> {
                    run(orphans, damage, context);
                    Instant next = clock.instant().plus(interval);
                    return (complete, operations) -> operations.reschedule(complete, next);
                });
    }

    private static void run(OrphanSweep orphans, DamageSearch damage, ExecutionContext context) {
        try {
            var unused = orphans.run(() -> context.getSchedulerState().isShuttingDown());
            var damaged = damage.run(() -> context.getSchedulerState().isShuttingDown());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
