package dev.narwhal.ingest;

import com.github.kagkarlsson.scheduler.task.CompletionHandler;
import com.github.kagkarlsson.scheduler.task.ExecutionContext;
import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/**
 * The scheduled task that runs the expiry sweep. When much is due, each run does a part of it: deliveries share the
 * scheduler's threads and run in between.
 */
final class SweepTask {

    private static final String INSTANCE = "expired-uploads";

    private SweepTask() {}

    /**
     * The task's name contains the volume's id: each process sweeps only its own volume, and does not know the tasks
     * of others.
     */
    static CustomTask<Void> of(ExpirySweep sweep, String volume, Duration interval, Clock clock) {
        return Tasks.custom("sweep-" + volume, Void.class)
                .scheduleOnStartup(INSTANCE, null, now -> now.plus(interval))
                .onDeadExecutionRevive()
                .onFailure(new FailureHandler.OnFailureRetryLater<>(interval))
                .execute((instance, context) -> {
                    Instant next = run(sweep, context)
                            ? clock.instant()
                            : clock.instant().plus(interval);
                    return reschedule(next);
                });
    }

    private static boolean run(ExpirySweep sweep, ExecutionContext context) {
        return sweep.run(() -> context.getSchedulerState().isShuttingDown());
    }

    private static CompletionHandler<Void> reschedule(Instant next) {
        return (complete, operations) -> operations.reschedule(complete, next);
    }
}
