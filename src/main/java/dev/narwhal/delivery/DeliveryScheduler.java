package dev.narwhal.delivery;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.boot.config.DbSchedulerStarter;
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
 * The scheduler of this process, under the name of its incarnation. At its start it takes back whatever task of its volume is
 * picked (safe: the volume is this process's, so that whoever picked it is gone, or is refused when it writes). It stops within
 * seconds without interrupting anybody.
 */
final class DeliveryScheduler implements SmartLifecycle, DbSchedulerStarter {

    private static final Logger log = LoggerFactory.getLogger(DeliveryScheduler.class);

    private static final Duration HEARTBEAT = Duration.ofSeconds(5);
    private static final int MISSED_HEARTBEATS = 4;
    private static final Duration POLL = Duration.ofSeconds(2);
    private static final Duration SHUTDOWN = Duration.ofSeconds(2);

    /** Another node's tasks are unknown here for good reason. */
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
    private volatile boolean started;

    private DeliveryScheduler(
            Scheduler scheduler,
            String volume,
            JdbcClient jdbc,
            RowCommitter committer,
            RunningDeliveries running,
            LostTasks lost) {
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
            LostTasks lost) {
        return new DeliveryScheduler(scheduler, volume, jdbc, committer, running, lost);
    }

    /**
     * @param tasks those that schedule themselves do so when the scheduler starts
     * @param name what the tasks' rows say that this process picks
     * @param threads executions at a time
     * @param cutShort ends what executions are waiting for, when they have not ended in time
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
                .executorService(UninterruptedThreads.pool("delivery", threads).whenToldToHurry(cutShort))
                .dueExecutor(UninterruptedThreads.pool("tasks-due", 1).whenToldToHurry(() -> wake(built)))
                .housekeeperExecutor(UninterruptedThreads.timer("tasks-housekeeping"))
                .build();
        built.set(scheduler);
        return scheduler;
    }

    private static void wake(AtomicReference<Scheduler> built) {
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
        var unused = lost.restore();
        scheduler.start();
        started = true;
    }

    @Override
    public void doStart() {
        // Started with the other parts of the server, by start().
    }

    @Override
    public void stop() {
        started = false;
        running.stopAll();
        scheduler.stop();
    }

    /** Started before the web server and stopped after it: a request that finishes an upload finds it working. */
    @Override
    public int getPhase() {
        return 0;
    }

    @Override
    public boolean isRunning() {
        return started;
    }
}
