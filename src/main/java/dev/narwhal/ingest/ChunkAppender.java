package dev.narwhal.ingest;

import dev.narwhal.access.Caller;
import dev.narwhal.ingest.UploadExpiry.Observation;
import dev.narwhal.lease.BodyProgress;
import dev.narwhal.lease.Lease;
import dev.narwhal.lease.LeaseHolder;
import dev.narwhal.lease.UploadLeases;
import dev.narwhal.staging.StagingStore;
import dev.narwhal.upload.GrantedUpload;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadRepository;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Appends a body to an upload: check, take the lease, append, checkpoint, advance, finish. A PATCH calls
 * {@link #open} or {@link #openIfFree}, then {@link AppendSession#receive}, then {@link AppendSession#close}.
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
     * Reads the row, and takes the upload's lease if no request holds it. This is the usual case: the request stops
     * no other, so it need not be checked before it takes the lease. Costs one statement; one more when another
     * request held the lease meanwhile.
     *
     * @return empty when another request holds the lease; whether the caller owns the upload has not been checked
     *     then
     * @throws UploadNotFoundException when the caller has no such upload
     * @throws UploadExpiredException when the upload has expired
     * @throws VolumeAbsentException when the volume with the upload's bytes is not mounted
     */
    public Optional<AppendSession> openIfFree(Caller caller, UploadId id) {
        if (leases.holder(id).isPresent()) {
            return Optional.empty();
        }
        Reading reading = read(caller, id);
        AppendSession session = session(caller, reading);
        return leases.acquireIfFree(id, session).map(lease -> start(session, lease, () -> current(caller, reading)));
    }

    /**
     * Reads the row, takes the upload's lease, and reads the row again as the previous holder left it. If another
     * request holds the lease, for example that of a dead connection, it is asked to let go. Only for a request that
     * has been checked, since it may stop a live transfer.
     *
     * @throws dev.narwhal.lease.LeaseUnavailableException when the holder did not let go in time
     * @throws UploadNotFoundException when the caller has no such upload; no holder was asked to let go
     * @throws UploadExpiredException when the upload has expired
     * @throws VolumeAbsentException when the volume with the upload's bytes is not mounted
     */
    public AppendSession open(Caller caller, UploadId id) {
        Reading reading = read(caller, id);
        AppendSession session = session(caller, reading);
        return start(session, leases.acquire(id, session), () -> current(caller, reading));
    }

    /**
     * The row before the lease is taken: a caller who does not own the upload never takes its lease. The components
     * are read in this order.
     */
    private record Reading(Observation before, UploadLeases.Mark mark, GrantedUpload row) {

        UploadId id() {
            return row.upload().id();
        }
    }

    private Reading read(Caller caller, UploadId id) {
        Observation before = expiry.observe(id);
        UploadLeases.Mark mark = leases.mark(id);
        return new Reading(before, mark, load(caller, id, before));
    }

    /**
     * Called under the lease. Reads the row again, with a new token, if another holder may have moved the row or got
     * a token since.
     */
    private GrantedUpload current(Caller caller, Reading reading) {
        return reading.mark().isUnchanged() ? reading.row() : load(caller, reading.id(), reading.before());
    }

    private AppendSession session(UploadId id, @Nullable String credential) {
        LeasedUpload held = new LeasedUpload(id, credential, unacknowledged);
        return new AppendSession(held, uploads, staging, bodies, metrics, rate);
    }

    /**
     * A session that takes over from a writer counts as admitted at once, so that the upload cannot expire in
     * between.
     */
    private AppendSession session(Caller caller, Reading reading) {
        AppendSession session = session(reading.id(), caller.credential());
        if (reading.before().beingWritten()) {
            session.admit();
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
     * Takes the lease of a new upload, for the body of its creation. The row comes with the first bytes that are recorded,
     * in one commit; until then no other request knows the id. Whatever ends the body adds the row.
     *
     * @param planned as {@link UploadCreator#plan} made it
     * @throws dev.narwhal.staging.StagingFullException when the staging has no room for it; there is no row then
     */
    public AppendSession openNew(Upload planned) throws IOException {
        AppendSession session = session(planned.id(), planned.terms().credential());
        session.hold(leases.acquire(planned.id(), session));
        try {
            staging.admit(planned.id(), planned.length() == null ? 0 : planned.length());
            session.startNew(planned);
            return session;
        } catch (IOException | RuntimeException | Error e) {
            session.close();
            throw e;
        }
    }

    /**
     * Judges the offset of a PATCH without the lease. A PATCH whose offset cannot be right must not make the holder
     * let go: an outdated second browser tab must not stop a transfer in progress. An offset below the start of the
     * holder's body, or beyond its end so far, is wrong. An offset between the two is overtaken, recorded or not.
     * While the holder has no body yet, any offset is possible.
     *
     * @throws UploadNotFoundException when the caller does not own the upload
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
        if (!caller.sight().includes(known)) {
            throw new UploadNotFoundException(known.id());
        }
    }

    private GrantedUpload load(Caller caller, UploadId id, Observation before) {
        GrantedUpload granted =
                expiry.findForLease(caller, id, before).orElseThrow(() -> new UploadNotFoundException(id));
        Upload upload = granted.upload();
        if (!upload.state().isComplete() && !staging.holds(upload.volume())) {
            throw new VolumeAbsentException(id, upload.volume());
        }
        return granted;
    }
}
