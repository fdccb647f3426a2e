package dev.narwhal.delivery;

import com.github.kagkarlsson.scheduler.ScheduledExecution;
import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceException;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import dev.narwhal.upload.UploadId;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/** When the deliveries of this process's volume run: one of the scheduler's tasks for each, under the upload's id. */
final class DeliverySchedule {

    private static final Logger log = LoggerFactory.getLogger(DeliverySchedule.class);

    private static final String HASTEN_WAITING = """
            update scheduled_tasks set execution_time = :now, version = version + 1
            where task_name = :task and picked = false and execution_time > :now
                and task_instance in (select upload_id from delivery
                    where destination = :destination and status = 'PENDING' and delivered_at is null)
            """;

    private final String taskName;
    private final Supplier<Scheduler> scheduler;
    private final JdbcClient jdbc;
    private final Clock clock;
    private final Set<UploadId> hurried = ConcurrentHashMap.newKeySet();

    /** @param scheduler asked when there is something to schedule: it is made of tasks that need this */
    DeliverySchedule(String volume, Supplier<Scheduler> scheduler, JdbcClient jdbc, Clock clock) {
        this.taskName = taskName(volume);
        this.scheduler = scheduler;
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** With the volume's id: another process, which cannot read these bytes, does not know the task. */
    static String taskName(String volume) {
        return "delivery-" + volume;
    }

    /** Joins the transaction in progress; a task that is there already stays as it is. */
    void add(UploadId id, Instant time) {
        boolean unused = scheduler.get().scheduleIfNotExists(task(id), time);
    }

    /** True while there is something to do for that upload, or it is being done. */
    boolean has(UploadId id) {
        return scheduler.get().getScheduledExecution(task(id)).isPresent();
    }

    /** The task, made if need be, runs at {@code time} or before; one that is running stays as it is. */
    boolean hasten(UploadId id, Instant time) {
        Optional<ScheduledExecution<Object>> scheduled = scheduler.get().getScheduledExecution(task(id));
        if (scheduled.isEmpty()) {
            return scheduler.get().scheduleIfNotExists(task(id), time);
        }
        if (scheduled.get().isPicked() || !scheduled.get().getExecutionTime().isAfter(time)) {
            return true;
        }
        try {
            return scheduler.get().reschedule(task(id), time);
        } catch (TaskInstanceException e) {
            log.debug("delivery.hastened upload={} it has just begun or ended: {}", id, e.getMessage());
            return false;
        }
    }

    /**
     * The task runs as soon as it can, and once more if it is running now: what made this call necessary may have come after
     * it looked. Never fails.
     */
    void hurry(UploadId id) {
        hurried.add(id);
        hastenIfPossible(id);
    }

    /** What called for it is committed: with the database away it must not look as if it were not. The task comes by itself. */
    private void hastenIfPossible(UploadId id) {
        try {
            var unused = hasten(id, clock.instant());
        } catch (RuntimeException e) {
            log.warn("delivery.not-hastened upload={} it runs when it is due: {}", id, e.getMessage());
        }
        wake();
    }

    /** The task begins, and will see all there is. */
    void begun(UploadId id) {
        hurried.remove(id);
    }

    /** The task has ended, and its next time is committed. */
    void ended(UploadId id) {
        if (hurried.contains(id)) {
            hastenIfPossible(id);
        }
    }

    /** All that wait for a destination run now. One statement, whatever their number. */
    void hastenWaiting(String destination) {
        jdbc.sql(HASTEN_WAITING)
                .param("task", taskName)
                .param("destination", destination)
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .update();
        wake();
    }

    /** Says that something is due now; cheap, never fails. */
    void wake() {
        scheduler.get().triggerCheckForDueExecutions();
    }

    private TaskInstance<Void> task(UploadId id) {
        return new TaskInstance<>(taskName, id.value());
    }
}
