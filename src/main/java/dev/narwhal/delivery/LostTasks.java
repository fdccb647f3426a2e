package dev.narwhal.delivery;

import com.github.kagkarlsson.scheduler.task.FailureHandler;
import com.github.kagkarlsson.scheduler.task.helper.CustomTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.narwhal.database.RowCommitter;
import dev.narwhal.upload.UploadId;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
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
            order by u.id limit :page
            """;

    private final ScheduledDeliveries deliveries;
    private final JdbcClient jdbc;
    private final RowCommitter committer;
    private final String volume;

    LostTasks(ScheduledDeliveries deliveries, JdbcClient jdbc, RowCommitter committer, String volume) {
        this.deliveries = deliveries;
        this.jdbc = jdbc;
        this.committer = committer;
        this.volume = volume;
    }

    CustomTask<Void> task(Clock clock) {
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

    /** @return the number of tasks created */
    int restore() {
        int restored = 0;
        List<UploadId> page = page("");
        while (!page.isEmpty()) {
            List<UploadId> ids = page;
            restored += committer.commit(
                    () -> (int) ids.stream().filter(deliveries::restore).count());
            page = page(ids.getLast().value());
        }
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
                .param("page", PAGE)
                .query((rs, number) -> new UploadId(rs.getString("id")))
                .list();
    }
}
