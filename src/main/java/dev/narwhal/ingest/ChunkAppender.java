package dev.narwhal.ingest;

import dev.narwhal.access.Caller;
import dev.narwhal.ingest.UploadExpiry.Look;
import dev.narwhal.lease.BodyProgress;
import dev.narwhal.lease.Lease;
import dev.narwhal.lease.LeaseHolder;
import dev.narwhal.lease.UploadLeases;
import dev.narwhal.staging.StagingStore;
import dev.narwhal.upload.GrantedUpload;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadRepository;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Appends a body to an upload: check, take the lease, append, checkpoint, advance, finish. The whole story of a PATCH is
 * {@link #open}, {@link AppendSession#receive} and {@link AppendSession#close}.
 */
public final class ChunkAppender {

    private final UploadRepository uploads;
    private final StagingStore staging;
    private final UploadLeases leases;
    private final UploadExpiry expiry;
    private final RunningBodies bodies;
    private final IngestMetrics metrics;
    private final MinimumRate rate;
    private final UnacknowledgedBodies unacknowledged = new UnacknowledgedBodies(System::nanoTime);

    public ChunkAppender(
            UploadRepository uploads,
            StagingStore staging,
            UploadLeases leases,
            UploadExpiry expiry,
            RunningBodies bodies,
            IngestMetrics metrics,
            MinimumRate rate) {
        this.uploads = uploads;
        this.staging = staging;
        this.leases = leases;
        this.expiry = expiry;
        this.bodies = bodies;
        this.metrics = metrics;
        this.rate = rate;
    }

    /**
     * Reads the row, and takes the upload's lease when nobody has it: the usual case, in which a request need not be checked
     * before it takes the lease, since it stops nobody. One statement; one more when somebody had the lease meanwhile.
     *
     * @return empty when somebody has the lease: whether the upload is the caller's has not been looked at then
     * @throws UploadNotFoundException when the caller has no such upload
     * @throws UploadExpiredException when nobody went on with it in time
     * @throws VolumeAbsentException when its bytes cannot be reached
     */
    public Optional<AppendSession> openIfFree(Caller caller, UploadId id) {
        if (leases.holder(id).isPresent()) {
            return Optional.empty();
        }
        Reading reading = read(caller, id);
        AppendSession session = session(reading);
        return leases.acquireIfFree(id, session).map(lease -> start(session, lease, () -> current(caller, reading)));
    }

    /**
     * Reads the row, takes the upload's lease, from a dead connection's request if need be, and reads the row once more as that
     * one left it. Only for a request that has been checked: it may stop a live transfer.
     *
     * @throws dev.narwhal.lease.LeaseUnavailableException when the present holder did not let go in time
     * @throws UploadNotFoundException when the caller has no such upload; nobody was asked to let go
     * @throws UploadExpiredException when nobody went on with it in time
     * @throws VolumeAbsentException when its bytes cannot be reached
     */
    public AppendSession open(Caller caller, UploadId id) {
        Reading reading = read(caller, id);
        AppendSession session = session(reading);
        return start(session, leases.acquire(id, session), () -> current(caller, reading));
    }

    /** The row as it was before the lease was taken, so that whoever may not have it takes no lease; each noted before the next. */
    private record Reading(Look look, UploadLeases.Mark mark, GrantedUpload row) {

        UploadId id() {
            return row.upload().id();
        }
    }

    private Reading read(Caller caller, UploadId id) {
        Look look = expiry.look(id);
        UploadLeases.Mark mark = leases.mark(id);
        return new Reading(look, mark, load(caller, id, look));
    }

    /** Under the lease: read once more, with a new token, if somebody else may have moved the row or was given a token since. */
    private GrantedUpload current(Caller caller, Reading reading) {
        return reading.mark().isUnchanged() ? reading.row() : load(caller, reading.id(), reading.look());
    }

    private AppendSession session(UploadId id) {
        LeasedUpload held = new LeasedUpload(id, uploads, unacknowledged, metrics);
        return new AppendSession(held, staging, bodies, metrics, rate);
    }

    /** Whoever takes over from a writer keeps the upload alive without a gap. */
    private AppendSession session(Reading reading) {
        AppendSession session = session(reading.id());
        if (reading.look().written()) {
            session.letIn();
        }
        return session;
    }

    private static AppendSession start(AppendSession session, Lease lease, Supplier<GrantedUpload> row) {
        session.hold(lease);
        try {
            session.start(row.get());
            return session;
        } catch (RuntimeException | Error e) {
            session.close();
            throw e;
        }
    }

    /**
     * For the body of a creation: the lease of an upload that nobody else knows of yet, with the row and the token as they
     * were made.
     *
     * @throws UploadNotFoundException when it is not the caller's
     */
    public AppendSession openCreated(Caller caller, Upload created) {
        requireOwn(caller, created);
        AppendSession session = session(created.id());
        Lease lease = leases.acquire(created.id(), session);
        return start(session, lease, () -> new GrantedUpload(created, created.leaseToken()));
    }

    /**
     * Judges the offset of a PATCH without the lease, so that nobody is asked to let go for one that cannot be right: a
     * second tab that is behind must not stop a transfer that goes on. Below where the present body began, or beyond what it
     * has brought: wrong. In between: overtaken, recorded or not. A body that has not begun may make anything right.
     *
     * @throws UploadNotFoundException when it is not the caller's
     */
    public OffsetVerdict judge(Caller caller, Upload known, long offset) {
        requireOwn(caller, known);
        Optional<LeaseHolder> holder = leases.holder(known.id());
        Optional<BodyProgress> body = holder.flatMap(LeaseHolder::progress);
        boolean unknown = holder.isPresent() && body.isEmpty();
        if (unknown || offset == body.map(BodyProgress::end).orElse(known.offset())) {
            return OffsetVerdict.POSSIBLE;
        }
        boolean overtaken = body.filter(progress -> progress.isPast(offset)).isPresent()
                || unacknowledged.overtook(known.id(), offset);
        return overtaken ? OffsetVerdict.OVERTAKEN : OffsetVerdict.WRONG;
    }

    private static void requireOwn(Caller caller, Upload known) {
        if (!caller.owns(known)) {
            throw new UploadNotFoundException(known.id());
        }
    }

    private GrantedUpload load(Caller caller, UploadId id, Look look) {
        GrantedUpload granted =
                expiry.findForLease(caller, id, look).orElseThrow(() -> new UploadNotFoundException(id));
        Upload upload = granted.upload();
        if (!upload.state().isComplete() && !staging.holds(upload.volume())) {
            throw new VolumeAbsentException(id, upload.volume());
        }
        return granted;
    }
}
