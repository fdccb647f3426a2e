package dev.narwhal.delivery;

import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.narwhal.database.RowCommitter;
import dev.narwhal.upload.UploadId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Restores missing tasks. It finds uploads whose rows require an action but that have no task: finished uploads, and deleted or
 * expired uploads whose destination still has parts of them. A task is a hint, the rows are the truth.
 */
final class LostTasks {

    private static final Logger log = LoggerFactory.getLogger(LostTasks.class);

    /** Short enough for a waiting client, and long enough to cost nothing. */
    private static final Duration INTERVAL = Duration.ofMinutes(5);

    private static final String INSTANCE = "lost-deliveries";
    private static final int PAGE = 100;

    /** Both alternatives use the index upload_open_idx. */
    private static final String SELECT = """
            select u.id from upload u
            where u.volume = :volume and u.id > :after
                and (u.state = 'FINISHED' and u.kind <> 'PARTIAL'
                    or u.state in ('TERMINATED', 'EXPIRED')
                        and exists (select 1 from delivery d where d.upload_id = u.id and d.status <> 'DELIVERED'))
                and u.state in ('FINISHED', 'TERMINATED', 'EXPIRED')
                and not exists (select 1 from scheduled_tasks t where t.task_name = :task and t.task_instance = u.id)
                and not exists (select 1 from delivery d where d.upload_id = u.id and d.taken_until >= :now)
            order by u.id limit :page
            """;

    /** In the order in which they were finished. */
    private static final String TAKE_BACK = """
            insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version)
            select :task, u.id, u.finished_at, false, 1 from upload u join delivery d on d.upload_id = u.id
            where u.volume = :volume and u.state = 'FINISHED' and d.taken_by is not null
                and not exists (select 1 from scheduled_tasks t where t.task_name = :task and t.task_instance = u.id)
            """;

    private static final String RELEASE = """
            update delivery set status = 'PENDING', taken_by = null, taken_until = null
            where taken_by is not null and upload_id in (select id from upload where volume = :volume and state = 'FINISHED')
            """;

    private final ScheduledDeliveries deliveries;
    private final TakenRows rows;
    private final Set<String> destinations;
    private final Clock clock;
    private final JdbcClient jdbc;
    private final RowCommitter committer;
    private final String volume;

    /** @param destinations the names of all destinations */
    LostTasks(
            ScheduledDeliveries deliveries,
            TakenRows rows,
            Set<String> destinations,
            JdbcClient jdbc,
            RowCommitter committer,
            String volume,
            Clock clock) {
        this.deliveries = deliveries;
        this.rows = rows;
        this.destinations = Set.copyOf(destinations);
        this.clock = clock;
        this.jdbc = jdbc;
        this.committer = committer;
        this.volume = volume;
    }

    CustomTask<Void> task() {
        return Tasks.custom("lost-deliveries-" + volume, Void.class)
                .scheduleOnStartup(INSTANCE, null, now -> now.plus(INTERVAL))
                .onDeadExecutionRevive()
                .onFailure(new FailureHandler.OnFailureRetryLater<>(INTERVAL))
                .execute((instance, context) -> {
                    var unused = restore();
                    Instant next = clock.instant().plus(INTERVAL);
                    return (complete, operations) -> operations.reschedule(complete, next);
                });
    }

    /**
     * At the start of a process, which owns the volume: what an earlier process had taken is due at once. Two statements, so
     * that a crash under load does not delay the start.
     */
    void takeBack() {
        int takenBack = committer.commit(() -> {
            int tasks = jdbc.sql(TAKE_BACK)
                    .param("task", DeliverySchedule.taskName(volume))
                    .param("volume", volume)
                    .update();
            jdbc.sql(RELEASE).param("volume", volume).update();
            return tasks;
        });
        if (takenBack > 0) {
            log.info("delivery.taken-back uploads={} an earlier process had taken them", takenBack);
        }
    }

    /**
     * Creates the tasks of uploads that a process has taken and has not delivered in time.
     *
     * @return the number of tasks created
     */
    int restoreExpired() {
        List<UploadId> ids = rows.expired(destinations, volume);
        return ids.isEmpty() ? 0 : report(restore(ids));
    }

    /** @return the number of tasks created */
    int restore() {
        int restored = 0;
        List<UploadId> page = page("");
        while (!page.isEmpty()) {
            restored += restore(page);
            page = page(page.getLast().value());
        }
        return report(restored);
    }

    private int restore(List<UploadId> ids) {
        return committer.commit(
                () -> (int) ids.stream().filter(deliveries::restore).count());
    }

    private int report(int restored) {
        if (restored > 0) {
            log.warn("delivery.tasks-restored uploads={} they were due and nothing was scheduled for them", restored);
            deliveries.checkDueTasks();
        }
        return restored;
    }

    private List<UploadId> page(String after) {
        return jdbc.sql(SELECT)
                .param("volume", volume)
                .param("task", DeliverySchedule.taskName(volume))
                .param("after", after)
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .param("page", PAGE)
                .query((rs, number) -> new UploadId(rs.getString("id")))
                .list();
    }
}
