package dev.narwhal.delivery;

import dev.narwhal.database.RowCommitter;
import dev.narwhal.upload.UploadId;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives taken deliveries to the scheduler: those that failed, wait, or ended without a known outcome. */
final class DeliveryHandback {

    private static final Logger log = LoggerFactory.getLogger(DeliveryHandback.class);

    private final TakenRows rows;
    private final DeliverySchedule schedule;
    private final RowCommitter committer;
    private final Clock clock;
    private final Set<UploadId> unsettled = ConcurrentHashMap.newKeySet();

    DeliveryHandback(TakenRows rows, DeliverySchedule schedule, RowCommitter committer, Clock clock) {
        this.rows = rows;
        this.schedule = schedule;
        this.committer = committer;
        this.clock = clock;
    }

    /** Joins the transaction in progress. */
    void schedule(UploadId id, Instant time) {
        schedule.add(id, time);
    }

    /** @param later when each is to be tried again */
    void handBack(Map<TakenDelivery, Instant> later) {
        if (later.isEmpty()) {
            return;
        }
        var unused = committer.commit(() -> {
            later.forEach((delivery, time) -> handBack(delivery.id(), time));
            return later.size();
        });
        schedule.checkDueTasks();
    }

    private void handBack(UploadId id, Instant time) {
        rows.release(id);
        schedule.add(id, time);
    }

    /** Runs the tasks of uploads that were handed back; for a destination that is no longer paused. Never fails. */
    void runNow(Collection<UploadId> ids) {
        ids.forEach(schedule::runSoon);
    }

    /** The database did not say what became of these uploads. {@link #settle} gives them to the scheduler. */
    void unsettled(Collection<UploadId> ids) {
        unsettled.addAll(ids);
    }

    /** The scheduler reads the rows, and finds out what is left to do. Keeps the uploads when the database does not answer. */
    void settle() {
        List<UploadId> ids = new ArrayList<>(unsettled);
        if (ids.isEmpty()) {
            return;
        }
        Instant now = clock.instant();
        var unused = committer.commit(() -> {
            ids.forEach(id -> handBack(id, now));
            return ids.size();
        });
        ids.forEach(unsettled::remove);
        log.info("delivery.handed-back uploads={} the database had not said what became of them", ids.size());
        schedule.checkDueTasks();
    }
}
