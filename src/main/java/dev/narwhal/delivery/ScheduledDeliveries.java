package dev.narwhal.delivery;

import dev.narwhal.database.RowCommitter;
import dev.narwhal.destination.PartPlan;
import dev.narwhal.upload.DeliveredLocations;
import dev.narwhal.upload.DeliveryQueue;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadState;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deliveries as the scheduler's tasks: one an upload that is finished, or sent ahead of its end, under the upload's id. */
public final class ScheduledDeliveries implements DeliveryQueue, DeliveredLocations {

    private static final Logger log = LoggerFactory.getLogger(ScheduledDeliveries.class);

    private final DeliveryRepository deliveries;
    private final DeliveryJobs jobs;
    private final RunningDeliveries running;
    private final SendAhead ahead;
    private final FairOrder order;
    private final DeliverySchedule schedule;
    private final RowCommitter committer;
    private final Clock clock;

    ScheduledDeliveries(
            DeliveryRepository deliveries,
            DeliveryJobs jobs,
            RunningDeliveries running,
            SendAhead ahead,
            DeliverySchedule schedule,
            RowCommitter committer,
            Clock clock) {
        this.deliveries = deliveries;
        this.jobs = jobs;
        this.running = running;
        this.ahead = ahead;
        this.order = new FairOrder(clock);
        this.schedule = schedule;
        this.committer = committer;
        this.clock = clock;
    }

    @Override
    public void enqueue(Upload finished) {
        if (!hasBegun(finished)) {
            insert(finished, jobs.destinationOf(finished));
        }
        schedule.add(finished.id(), order.next(finished.owner()));
    }

    /** Sent ahead: not by today's settings, perhaps by those of yesterday. Small files cost no statement. */
    private boolean hasBegun(Upload finished) {
        Long length = finished.length();
        return length != null && length > PartPlan.MIN_PART_SIZE && deliveries.finished(finished.id());
    }

    private void insert(Upload upload, String destination) {
        deliveries.insert(upload, destination, jobs.keyOf(upload, destination), jobs.planOf(upload, destination));
    }

    @Override
    public void received(Upload before, Upload now) {
        if (!ahead.begins(before, now)) {
            return;
        }
        String destination = jobs.destinationOf(now);
        if (jobs.takesPartsAhead(destination) && !jobs.planOf(now, destination).isSingle()) {
            insert(now, destination);
            schedule.add(now.id(), clock.instant());
        }
    }

    @Override
    public void moved(Upload before, Upload now) {
        if (ahead.isAhead(before) || ahead.isAhead(now)) {
            movedAhead(before, now);
        } else if (now.state() == UploadState.FINISHED) {
            wake();
        }
    }

    private void movedAhead(Upload before, Upload now) {
        String destination = jobs.destinationOf(now);
        PartPlan plan = jobs.planOf(now, destination);
        boolean news =
                now.state() == UploadState.FINISHED || plan.partsBelow(now.offset()) > plan.partsBelow(before.offset());
        if (news && jobs.takesPartsAhead(destination)) {
            schedule.hurry(now.id());
        } else if (news) {
            wake();
        }
    }

    @Override
    public void wake() {
        schedule.wake();
    }

    /** The task that removes leftovers may have to be made: a delivery that was given up has none. */
    @Override
    public boolean cancel(UploadId id) {
        boolean cancelled = running.cancel(id);
        if (cancelled && deliveries.find(id).isPresent()) {
            committer.commit(() -> schedule.hasten(id, clock.instant().plus(DeliveryAttempts.CANCEL_GRACE)));
        }
        return cancelled;
    }

    /** A task that is there has something to do: to remove staged bytes, or what is left at the destination. */
    @Override
    public boolean forget(UploadId id) {
        return !schedule.has(id) && deliveries.forget(id);
    }

    /**
     * Tries a delivery again that was given up.
     *
     * @return false when the upload's delivery has not FAILED
     */
    public boolean retry(UploadId id) {
        boolean retried = deliveries.retry(id, () -> schedule.hasten(id, clock.instant()));
        if (retried) {
            log.info("delivery.retried-by-hand upload={}", id);
            wake();
        }
        return retried;
    }

    @Override
    public Optional<DeliveredLocation> find(UploadId id) {
        return deliveries.location(id);
    }
}
