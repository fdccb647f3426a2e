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

/** When the deliveries of this process's volume run: one of the scheduler's tasks for each, under the upload's id. */
final class DeliverySchedule {

    private static final Logger log = LoggerFactory.getLogger(DeliverySchedule.class);

    private static final String RUN_WAITING = """
            update scheduled_tasks set execution_time = :now, version = version + 1
            where task_name = :task and picked = false and execution_time > :now
                and task_instance in (select upload_id from delivery
                    where destination = :destination and status = 'PENDING' and delivered_at is null)
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
    private final Set<UploadId> askedAgain = ConcurrentHashMap.newKeySet();

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
     * The task runs as soon as it can, and once more if it is running now: what made this call necessary may have come after
     * it looked. To be called once that is committed. Never fails.
     */
    void runSoon(UploadId id) {
        // First the mark, then the look at the row; ended() does it the other way round, so that one of the two sees
        // the other.
        askedAgain.add(id);
        runIfPossible(id);
    }

    /** What called for it is committed: with the database away it must not look as if it were not. The task comes by itself. */
    private void runIfPossible(UploadId id) {
        try {
            runBy(id, clock.instant());
        } catch (RuntimeException e) {
            log.warn("delivery.not-hastened upload={} it runs when it is due: {}", id, e.getMessage());
        }
        wake();
    }

    /** The task begins, and will see all there is. */
    void begun(UploadId id) {
        askedAgain.remove(id);
    }

    /** The task has ended, and its next time, or that it has none, is committed. */
    void ended(UploadId id) {
        if (askedAgain.contains(id)) {
            runIfPossible(id);
        }
    }

    /**
     * Moves up one of those that wait for a destination, so that it is the next to try it: the one that was tried the longest
     * time ago, of those that have not failed by themselves.
     *
     * @param but not this one: it has just tried
     * @return which one; empty when no other waits
     */
    Optional<UploadId> moveUpAnother(String destination, UploadId but, Instant time) {
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
     * All that wait for a destination run now. One statement, whatever their number.
     *
     * @param but these wait for reasons of their own
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
