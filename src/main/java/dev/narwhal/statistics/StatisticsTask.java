package dev.narwhal.statistics;

import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/** The scheduled task that counts: each process counts the uploads of its own volume. */
final class StatisticsTask {

    /** Also bounds how long a transaction may take that adds an upload: see {@link StatisticsRollup}. */
    private static final Duration INTERVAL = Duration.ofMinutes(1);

    private static final String INSTANCE = "rollup";

    private StatisticsTask() {}

    static CustomTask<Void> of(StatisticsRollup rollup, String volume, Clock clock) {
        return Tasks.custom("statistics-" + volume, Void.class)
                .scheduleOnStartup(INSTANCE, null, now -> now.plus(INTERVAL))
                .onDeadExecutionRevive()
                .onFailure(new FailureHandler.OnFailureRetryLater<>(INTERVAL))
                .execute((instance, context) -> {
                    boolean more = rollup.run(() -> context.getSchedulerState().isShuttingDown());
                    Instant next = more ? clock.instant() : clock.instant().plus(INTERVAL);
                    return (complete, operations) -> operations.reschedule(complete, next);
                });
    }
}
