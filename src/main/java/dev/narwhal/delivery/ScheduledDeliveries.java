package dev.narwhal.delivery;

import com.github.kagkarlsson.scheduler.ScheduledExecution;
import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceException;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import dev.narwhal.destination.PartPlan;
import dev.narwhal.upload.DeliveredLocations;
import dev.narwhal.upload.DeliveryQueue;
import dev.narwhal.upload.RowCommitter;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deliveries as the scheduler's tasks: one a finished upload, under the upload's id. */
public final class ScheduledDeliveries implements DeliveryQueue, DeliveredLocations {

    private static final Logger log = LoggerFactory.getLogger(ScheduledDeliveries.class);

    private final DeliveryRepository deliveries;
    private final DeliveryJobs jobs;
    private final RunningDeliveries running;
    private final Scheduler scheduler;
    private final String taskName;
    private final RowCommitter committer;
    private final Clock clock;

    ScheduledDeliveries(
            DeliveryRepository deliveries,
            DeliveryJobs jobs,
            RunningDeliveries running,
            Scheduler scheduler,
            String taskName,
            RowCommitter committer,
            Clock clock) {
        this.deliveries = deliveries;
        this.jobs = jobs;
        this.running = running;
        this.scheduler = scheduler;
        this.taskName = taskName;
        this.committer = committer;
        this.clock = clock;
    }

    @Override
    public void enqueue(Upload finished) {
        PartPlan plan = jobs.planOf(finished);
        deliveries.insert(finished, jobs.keyOf(finished), plan.partSize(), plan.partCount());
        schedule(finished.id(), clock.instant());
    }

    @Override
    public void wake() {
        scheduler.triggerCheckForDueExecutions();
    }

    /** The task that removes leftovers may have to be made: a delivery that was given up has none. */
    @Override
    public boolean cancel(UploadId id) {
        boolean cancelled = running.cancel(id);
        if (cancelled && deliveries.find(id).isPresent()) {
            committer.commit(() -> hasten(id, clock.instant().plus(DeliveryTask.CANCEL_GRACE)));
        }
        return cancelled;
    }

    /**
     * Tries a delivery again that was given up.
     *
     * @return false when the upload's delivery has not FAILED
     */
    public boolean retry(UploadId id) {
        boolean retried = deliveries.retry(id, () -> hasten(id, clock.instant()));
        if (retried) {
            log.info("delivery.retried-by-hand upload={}", id);
            wake();
        }
        return retried;
    }

    @Override
    public Optional<DeliveredLocation> find(UploadId id) {
        return deliveries.location(id).map(key -> new DeliveredLocation(DeliveryRepository.DESTINATION, key));
    }

    private void schedule(UploadId id, Instant time) {
        boolean unused = scheduler.scheduleIfNotExists(task(id), time);
    }

    private boolean hasten(UploadId id, Instant time) {
        Optional<ScheduledExecution<Object>> scheduled = scheduler.getScheduledExecution(task(id));
        if (scheduled.isEmpty()) {
            return scheduler.scheduleIfNotExists(task(id), time);
        }
        if (scheduled.get().isPicked() || !scheduled.get().getExecutionTime().isAfter(time)) {
            return true;
        }
        try {
            return scheduler.reschedule(task(id), time);
        } catch (TaskInstanceException e) {
            log.debug("delivery.hastened upload={} it has just begun or ended: {}", id, e.getMessage());
            return false;
        }
    }

    private TaskInstance<Void> task(UploadId id) {
        return new TaskInstance<>(taskName, id.value());
    }
}
