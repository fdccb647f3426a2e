package dev.narwhal.delivery;

import com.github.kagkarlsson.scheduler.ScheduledExecution;
import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceException;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import dev.narwhal.upload.UploadId;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Schedules the deliveries of this process's volume: one task of the scheduler for each upload, under the upload's id. */
final class DeliverySchedule {

    private static final Logger log = LoggerFactory.getLogger(DeliverySchedule.class);

    private static final String RUN_WAITING = """
            update scheduled_tasks set execution_time = :now, version = version + 1
            where task_name = :task and picked = false and execution_time > :now
                and exists (select 1 from delivery d where d.upload_id = task_instance
                    and d.destination = :destination and d.status = 'PENDING' and d.delivered_at is null)
                and task_instance not in (:but)
            """;

    private static final String LONGEST_WAITING = """
            select d.upload_id from delivery d
                join scheduled_tasks t on t.task_instance = d.upload_id and t.task_name = :task
                join upload u on u.id = d.upload_id
            where d.destination = :destination and d.status = 'PENDING' and d.delivered_at is null
                and d.attempts = 0 and d.upload_id <> :but and t.picked = false and u.state = 'FINISHED'
            order by d.updated_at, d.upload_id limit 1
            """;

    private final String taskName;
    private final Supplier<Scheduler> scheduler;
    private final JdbcClient jdbc;
    private final Clock clock;
    private final Set<UploadId> rerunRequested = ConcurrentHashMap.newKeySet();

    /** @param scheduler looked up at the first use: the scheduler is built from tasks that need this object */
    DeliverySchedule(String volume, Supplier<Scheduler> scheduler, JdbcClient jdbc, Clock clock) {
        this.taskName = taskName(volume);
        this.scheduler = scheduler;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** Contains the volume's id: a process on another volume cannot read these bytes, and does not know the task. */
    static String taskName(String volume) {
        return "delivery-" + volume;
    }

    /** Joins the transaction in progress; an existing task stays as it is. */
    void add(UploadId id, Instant time) {
        boolean unused = scheduler.get().scheduleIfNotExists(task(id), time);
    }

    /** True while a task for that upload waits or runs. */
    boolean hasTask(UploadId id) {
        return scheduler.get().getScheduledExecution(task(id)).isPresent();
    }

    /** Makes the task run at {@code time} or earlier, and creates it if necessary. A running task stays as it is. */
    void runBy(UploadId id, Instant time) {
        Optional<ScheduledExecution<Object>> scheduled = scheduler.get().getScheduledExecution(task(id));
        if (scheduled.isEmpty()) {
            add(id, time);
            return;
        }
        if (scheduled.get().isPicked() || !scheduled.get().getExecutionTime().isAfter(time)) {
            return;
        }
        try {
            boolean unused = scheduler.get().reschedule(task(id), time);
        } catch (TaskInstanceException e) {
            log.debug("delivery.moved-up upload={} it has just begun or ended: {}", id, e.getMessage());
        }
    }

    /**
     * Makes the task run as soon as possible, and once more if it is running now: the running task may have read the rows
     * before the change behind this call. To be called after the commit of that change. Never fails.
     */
    void runSoon(UploadId id) {
        // This sets the mark before it reads the task's row. taskEnded() reads the mark after the task's row has
        // changed. So at least one of the two sees the other.
        rerunRequested.add(id);
        tryRunNow(id);
    }

    /**
     * The change behind this call is committed, and an unreachable database must not make it look like a failure. The task then
     * runs at its own time.
     */
    private void tryRunNow(UploadId id) {
        try {
            runBy(id, clock.instant());
        } catch (RuntimeException e) {
            log.warn("delivery.not-hastened upload={} it runs when it is due: {}", id, e.getMessage());
        }
        checkDueTasks();
    }

    /** The task begins, and will read all earlier changes. */
    void taskStarted(UploadId id) {
        rerunRequested.remove(id);
    }

    /** The task has ended, and its next time or its removal is committed. */
    void taskEnded(UploadId id) {
        if (rerunRequested.contains(id)) {
            tryRunNow(id);
        }
    }

    /**
     * Moves up one upload that waits for a destination, so that it becomes the next probe: the upload tried longest ago, among
     * those without a failure of their own.
     *
     * @param but the upload that has just tried; not chosen
     * @return the chosen upload; empty when no other waits
     */
    Optional<UploadId> runLongestWaitingBy(String destination, UploadId but, Instant time) {
        Optional<UploadId> next = jdbc.sql(LONGEST_WAITING)
                .param("task", taskName)
                .param("destination", destination)
                .param("but", but.value())
                .query((rs, number) -> new UploadId(rs.getString("upload_id")))
                .optional();
        next.ifPresent(id -> runBy(id, time));
        return next;
    }

    /**
     * Runs all deliveries that wait for a destination now. One statement, whatever their number.
     *
     * @param but uploads that wait because of their own failures; not run
     */
    void runWaiting(String destination, Set<UploadId> but) {
        List<String> excluded = new ArrayList<>(List.of(""));
        but.forEach(id -> excluded.add(id.value()));
        jdbc.sql(RUN_WAITING)
                .param("task", taskName)
                .param("destination", destination)
                .param("but", excluded)
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .update();
        checkDueTasks();
    }

    /** Tells the scheduler to look for due tasks now. Cheap, never fails. */
    void checkDueTasks() {
        scheduler.get().triggerCheckForDueExecutions();
    }

    private TaskInstance<Void> task(UploadId id) {
        return new TaskInstance<>(taskName, id.value());
    }
}
