package dev.narwhal.delivery;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import dev.narwhal.database.RowCommitter;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;

/**
 * The scheduler of this process, under the name of its incarnation. At its start it releases every picked task of its volume.
 * That is safe: this process owns the volume, so the process that picked a task is dead, or its writes are refused. A stop
 * takes seconds and interrupts no thread.
 */
final class DeliveryScheduler implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(DeliveryScheduler.class);

    private static final Duration HEARTBEAT = Duration.ofSeconds(5);
    private static final int MISSED_HEARTBEATS = 4;
    private static final Duration POLL = Duration.ofSeconds(2);
    private static final Duration SHUTDOWN = Duration.ofSeconds(2);

    /** A task that this process does not know may belong to another node, so it is never deleted. */
    private static final Duration NEVER = Duration.ofDays(365_000);

    private static final String TAKE_BACK = """
            update scheduled_tasks set picked = false, picked_by = null, last_heartbeat = null, version = version + 1
            where picked = true and task_name like :tasks
            """;

    private final Scheduler scheduler;
    private final String volume;
    private final JdbcClient jdbc;
    private final RowCommitter committer;
    private final RunningDeliveries running;
    private final LostTasks lost;
    private final DeliveryUpkeep upkeep;
    private volatile boolean started;

    private DeliveryScheduler(
            Scheduler scheduler,
            String volume,
            JdbcClient jdbc,
            RowCommitter committer,
            RunningDeliveries running,
            LostTasks lost,
            DeliveryUpkeep upkeep) {
        this.upkeep = upkeep;
        this.scheduler = scheduler;
        this.volume = volume;
        this.jdbc = jdbc;
        this.committer = committer;
        this.running = running;
        this.lost = lost;
    }

    static DeliveryScheduler of(
            Scheduler scheduler,
            String volume,
            JdbcClient jdbc,
            RowCommitter committer,
            RunningDeliveries running,
            LostTasks lost,
            DeliveryUpkeep upkeep) {
        return new DeliveryScheduler(scheduler, volume, jdbc, committer, running, lost, upkeep);
    }

    /**
     * @param tasks recurring ones schedule themselves when the scheduler starts
     * @param name this process in the rows of the tasks that it picks
     * @param threads executions at a time
     * @param cutShort ends the waits of executions that have not ended in time
     */
    static Scheduler scheduler(
            DataSource dataSource,
            List<CustomTask<?>> tasks,
            String name,
            int threads,
            Runnable cutShort,
            Clock clock) {
        AtomicReference<Scheduler> built = new AtomicReference<>();
        Scheduler scheduler = Scheduler.create(new TransactionAwareDataSourceProxy(dataSource))
                .startTasks(tasks)
                .schedulerName(new SchedulerName.Fixed(name))
                .clock(clock::instant)
                .threads(threads)
                .pollingInterval(POLL)
                .heartbeatInterval(HEARTBEAT)
                .missedHeartbeatsLimit(MISSED_HEARTBEATS)
                .deleteUnresolvedAfter(NEVER)
                .shutdownMaxWait(SHUTDOWN)
                .executorService(
                        UninterruptibleExecutor.pool("delivery", threads).onShutdownNow(cutShort))
                .dueExecutor(UninterruptibleExecutor.pool("tasks-due", 1).onShutdownNow(() -> checkDueTasks(built)))
                .housekeeperExecutor(UninterruptibleExecutor.timer("tasks-housekeeping"))
                .build();
        built.set(scheduler);
        return scheduler;
    }

    private static void checkDueTasks(AtomicReference<Scheduler> built) {
        Scheduler scheduler = built.get();
        if (scheduler != null) {
            scheduler.triggerCheckForDueExecutions();
        }
    }

    @Override
    public void start() {
        int takenBack = committer.commit(
                () -> jdbc.sql(TAKE_BACK).param("tasks", "%-" + volume).update());
        if (takenBack > 0) {
            log.info("delivery.taken-back tasks={} they were running when the process ended", takenBack);
        }
        lost.takeBack();
        var unused = lost.restore();
        scheduler.start();
        upkeep.start();
        started = true;
    }

    @Override
    public void stop() {
        started = false;
        running.stopAll();
        upkeep.stop();
        scheduler.stop();
    }

    /** Starts before the web server and stops after it, so that it works whenever a request finishes an upload. */
    @Override
    public int getPhase() {
        return 0;
    }

    @Override
    public boolean isRunning() {
        return started;
    }
}
