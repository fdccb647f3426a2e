package dev.narwhal.ingest;

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
     * Takes the upload's lease when nobody has it, and reads the row: the usual case, in which a request need not be checked
     * before it takes the lease, since it stops nobody.
     *
     * @return empty when somebody has the lease
     * @throws UploadNotFoundException when the upload is not there
     * @throws UploadExpiredException when nobody went on with it in time
     * @throws VolumeAbsentException when its bytes cannot be reached
     */
    public Optional<AppendSession> openIfFree(UploadId id) {
        UploadExpiry.Look look = expiry.look(id);
        AppendSession session = session(id, look);
        return leases.acquireIfFree(id, session).map(lease -> start(session, lease, () -> load(id, look)));
    }

    /**
     * Takes the upload's lease, from a dead connection's request if need be, and reads the row as that one left it. Only for
     * a request that has been checked: it may stop a live transfer.
     *
     * @throws dev.narwhal.lease.LeaseUnavailableException when the present holder did not let go in time
     * @throws UploadNotFoundException when the upload is not there
     * @throws UploadExpiredException when nobody went on with it in time
     * @throws VolumeAbsentException when its bytes cannot be reached
     */
    public AppendSession open(UploadId id) {
        UploadExpiry.Look look = expiry.look(id);
        AppendSession session = session(id, look);
        return start(session, leases.acquire(id, session), () -> load(id, look));
    }

    private AppendSession session(UploadId id) {
        LeasedUpload held = new LeasedUpload(id, uploads, unacknowledged, metrics);
        return new AppendSession(held, staging, bodies, metrics, rate);
    }

    /** Whoever takes over from a writer keeps the upload alive without a gap. */
    private AppendSession session(UploadId id, UploadExpiry.Look look) {
        AppendSession session = session(id);
        if (look.written()) {
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
     */
    public AppendSession openCreated(Upload created) {
        AppendSession session = session(created.id());
        Lease lease = leases.acquire(created.id(), session);
        return start(session, lease, () -> new GrantedUpload(created, created.leaseToken()));
    }

    /**
     * Judges the offset of a PATCH without the lease, so that nobody is asked to let go for one that cannot be right: a
     * second tab that is behind must not stop a transfer that goes on. Below where the present body began, or beyond what it
     * has brought: wrong. In between: overtaken, recorded or not. A body that has not begun may make anything right.
     */
    public OffsetVerdict judge(Upload known, long offset) {
        Optional<LeaseHolder> holder = leases.holder(known.id());
        Optional<BodyProgress> body = holder.flatMap(LeaseHolder::progress);
        boolean unknown = holder.isPresent() && body.isEmpty();
        if (unknown || offset == body.map(BodyProgress::end).orElse(known.offset())) {
            return OffsetVerdict.POSSIBLE;
        }
        boolean overtaken =
                body.filter(progress -> progress.isPast(offset)).isPresent() || overtook(known.id(), offset);
        return overtaken ? OffsetVerdict.OVERTAKEN : OffsetVerdict.WRONG;
    }

    /** True when {@code offset} was right until a body whose client heard no answer went past it. */
    public boolean overtook(UploadId id, long offset) {
        return unacknowledged.overtook(id, offset);
    }

    private GrantedUpload load(UploadId id, UploadExpiry.Look look) {
        GrantedUpload granted = expiry.findForLease(id, look).orElseThrow(() -> new UploadNotFoundException(id));
        Upload upload = granted.upload();
        if (!upload.state().isComplete() && !staging.holds(upload.volume())) {
            throw new VolumeAbsentException(id, upload.volume());
        }
        return granted;
    }
}
