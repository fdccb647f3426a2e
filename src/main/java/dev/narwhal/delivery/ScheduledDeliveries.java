package dev.narwhal.delivery;

import dev.narwhal.database.RowCommitter;
import dev.narwhal.destination.PartPlan;
import dev.narwhal.upload.DeliveredLocations;
import dev.narwhal.upload.DeliveryVeto;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadEvent;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadKind;
import dev.narwhal.upload.UploadListener;
import dev.narwhal.upload.UploadRepository;
import dev.narwhal.upload.UploadState;
import java.time.Clock;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Schedules deliveries as tasks: one task for each upload that is finished or sent ahead, under the upload's id. */
public final class ScheduledDeliveries implements UploadListener, DeliveryVeto, DeliveredLocations {

    private static final Logger log = LoggerFactory.getLogger(ScheduledDeliveries.class);

    private final UploadRepository uploads;
    private final DeliveryRepository deliveries;
    private final DeliveryJobs jobs;
    private final RunningDeliveries running;
    private final SendAhead ahead;
    private final FairOrder order;
    private final DeliverySchedule schedule;
    private final TakenDeliveries taken;
    private final LinkedObjects links;
    private final RowCommitter committer;
    private final Clock clock;

    ScheduledDeliveries(
            UploadRepository uploads,
            DeliveryRepository deliveries,
            DeliveryJobs jobs,
            RunningDeliveries running,
            SendAhead ahead,
            DeliverySchedule schedule,
            TakenDeliveries taken,
            LinkedObjects links,
            RowCommitter committer,
            Clock clock) {
        this.uploads = uploads;
        this.deliveries = deliveries;
        this.jobs = jobs;
        this.running = running;
        this.ahead = ahead;
        this.order = new FairOrder(clock);
        this.schedule = schedule;
        this.taken = taken;
        this.links = links;
        this.committer = committer;
        this.clock = clock;
    }

    @Override
    public void changed(UploadEvent event) {
        switch (event.type()) {
            case ADVANCED -> sendAhead(Objects.requireNonNull(event.before()), event.now());
            case FINISHED -> enqueue(event.before(), event.now());
            case RETRIED -> schedule.add(event.now().id(), clock.instant());
            case CREATED, DELIVERED, DELIVERY_FAILED, EXPIRED, TERMINATED, FORGOTTEN -> {}
        }
    }

    @Override
    public void committed(UploadEvent event) {
        Upload now = event.now();
        switch (event.type()) {
            case ADVANCED -> runSendAhead(Objects.requireNonNull(event.before()), now);
            case FINISHED -> runFinished(now);
            // The task of the attempt that has just ended may still have its row, and be about to remove it.
            case RETRIED -> schedule.runSoon(now.id());
            case EXPIRED, TERMINATED -> runRemoval(now);
            case CREATED, DELIVERED, DELIVERY_FAILED, FORGOTTEN -> {}
        }
    }

    private void enqueue(@Nullable Upload before, Upload finished) {
        if (!finished.isQueued() || taken.take(before, finished)) {
            return;
        }
        if (!mayHaveBegun(finished) || !deliveries.resetAttempts(finished.id())) {
            insertIfAbsent(finished, jobs.destinationOf(finished));
        }
        schedule.add(finished.id(), order.next(finished.owner()));
    }

    /**
     * The upload may have been sent ahead under earlier settings, whatever the present ones say. Small files cost no statement.
     */
    private static boolean mayHaveBegun(Upload upload) {
        Long length = upload.length();
        return length != null && length > PartPlan.MIN_PART_SIZE;
    }

    private void insertIfAbsent(Upload upload, String destination) {
        deliveries.insertIfAbsent(
                upload, destination, jobs.keyOf(upload, destination), jobs.planOf(upload, destination));
    }

    /**
     * Creates the missing task of an upload whose row requires an action. Joins the transaction in progress.
     *
     * @return false when there is nothing to do
     */
    boolean restore(UploadId id) {
        Optional<Upload> upload = uploads.find(id);
        if (upload.isEmpty() || schedule.hasTask(id)) {
            return false;
        }
        if (upload.get().state() == UploadState.FINISHED) {
            taken.release(id);
            insertIfAbsent(upload.get(), jobs.destinationOf(upload.get()));
        }
        schedule.add(id, clock.instant());
        return true;
    }

    /**
     * Checks each complete part, and not only the first byte beyond the threshold: under earlier settings the threshold may
     * have been another one.
     */
    private void sendAhead(Upload before, Upload now) {
        if (!ahead.isAhead(now)) {
            return;
        }
        String destination = jobs.destinationOf(now);
        PartPlan plan = jobs.planOf(now, destination);
        if (jobs.supportsSendAhead(destination)
                && !plan.isSingle()
                && (ahead.begins(before, now) || completesPart(plan, before, now))) {
            insertIfAbsent(now, destination);
            schedule.add(now.id(), clock.instant());
        }
    }

    private static boolean completesPart(PartPlan plan, Upload before, Upload now) {
        return plan.partsBelow(now.offset()) > plan.partsBelow(before.offset());
    }

    private void runSendAhead(Upload before, Upload now) {
        if (ahead.isAhead(now)) {
            String destination = jobs.destinationOf(now);
            if (jobs.supportsSendAhead(destination) && completesPart(jobs.planOf(now, destination), before, now)) {
                schedule.runSoon(now.id());
            }
        }
    }

    /** The task of an upload that was sent ahead may be running, or may have ended, before the last byte was committed. */
    private void runFinished(Upload now) {
        if (taken.committed(now.id())) {
            return;
        }
        if (now.kind() == UploadKind.WHOLE && mayHaveBegun(now)) {
            schedule.runSoon(now.id());
        } else {
            // A partial may have finished a final.
            checkDueTasks();
        }
    }

    /** Tells the scheduler that a committed change has made work due. Cheap, never fails. */
    void checkDueTasks() {
        schedule.checkDueTasks();
    }

    /**
     * Removing the destination's leftovers needs a task, and a delivery that was given up has none. The task is created before
     * the upload's row moves, so that a crash in between loses nothing.
     */
    @Override
    public boolean cancel(UploadId id) {
        boolean cancelled = running.cancel(id);
        Optional<DeliveryRow> row = cancelled ? deliveries.find(id) : Optional.empty();
        if (row.isPresent()) {
            Instant grace = clock.instant().plus(DeliveryAttempts.CANCEL_GRACE);
            Optional<String> handle = links.handleOf(row.get());
            committer.commit(() -> {
                handle.ifPresent(known -> deliveries.recordHandle(id, known));
                schedule.runBy(id, grace);
                return true;
            });
        }
        return cancelled;
    }

    /** A task that {@link #cancel} has created or stopped may have read the row before the upload's end was committed. */
    private void runRemoval(Upload upload) {
        try {
            if (upload.kind() != UploadKind.PARTIAL
                    && deliveries.find(upload.id()).isPresent()) {
                schedule.runSoon(upload.id());
            }
        } catch (DataAccessException | TransactionException e) {
            log.warn("delivery.not-hastened upload={} it runs when it is due: {}", upload.id(), e.getMessage());
        }
    }

    /** An existing task has work to do: to remove staged bytes, or leftovers at the destination. */
    @Override
    public boolean removeDelivery(UploadId id) {
        return !taken.holds(id) && !schedule.hasTask(id) && deliveries.removeDelivery(id);
    }

    /**
     * Retries a delivery that was given up.
     *
     * @param actor who asked for it, for the upload's history; null when that is not known
     * @return false when the upload's delivery has not FAILED
     */
    public boolean retry(UploadId id, @Nullable String actor) {
        boolean retried = deliveries.retry(id, actor);
        if (retried) {
            log.info("delivery.retried-by-hand upload={}", id);
        }
        return retried;
    }

    @Override
    public Optional<DeliveredLocation> find(UploadId id) {
        return deliveries.location(id);
    }

    @Override
    public Optional<String> sha256(UploadId id) {
        return deliveries.sha256(id);
    }
}
