package dev.narwhal.delivery;

import dev.narwhal.database.RowCommitter;
import dev.narwhal.staging.StagedFiles;
import dev.narwhal.staging.StagedFiles.StagedFile;
import dev.narwhal.upload.UploadId;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Finds staged files of delivered uploads that nobody will remove: a process died between the record of a delivery and the
 * removal. Looks once at each start, at the files and not at the rows: there are few files and many rows.
 */
final class LeftBytes {

    private static final Logger log = LoggerFactory.getLogger(LeftBytes.class);

    private static final int BATCH = 500;

    private static final String SELECT = """
            select u.id from upload u
            where u.id in (:ids) and u.state = 'DELIVERED' and u.volume = :volume
                and not exists (select 1 from scheduled_tasks t where t.task_name = :task and t.task_instance = u.id)
            """;

    private final StagedFiles files;
    private final String volume;
    private final JdbcClient jdbc;
    private final RowCommitter committer;
    private final DeliverySchedule schedule;
    private final Clock clock;

    LeftBytes(
            StagedFiles files,
            String volume,
            JdbcClient jdbc,
            RowCommitter committer,
            DeliverySchedule schedule,
            Clock clock) {
        this.files = files;
        this.volume = volume;
        this.jdbc = jdbc;
        this.committer = committer;
        this.schedule = schedule;
        this.clock = clock;
    }

    /** Creates a task for each, which removes the file. */
    void find(BooleanSupplier stopping) throws IOException {
        files.walk(BATCH, some -> {
            schedule(delivered(some));
            return !stopping.getAsBoolean();
        });
    }

    private List<UploadId> delivered(List<StagedFile> some) {
        return jdbc.sql(SELECT)
                .param("ids", some.stream().map(file -> file.id().value()).toList())
                .param("volume", volume)
                .param("task", DeliverySchedule.taskName(volume))
                .query((rs, number) -> new UploadId(rs.getString("id")))
                .list();
    }

    private void schedule(List<UploadId> ids) {
        if (ids.isEmpty()) {
            return;
        }
        Instant now = clock.instant();
        var unused = committer.commit(() -> {
            ids.forEach(id -> schedule.add(id, now));
            return ids.size();
        });
        log.info(
                "delivery.bytes-left uploads={} they are delivered, and their staged files are removed now",
                ids.size());
        schedule.checkDueTasks();
    }
}
