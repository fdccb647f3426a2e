package dev.narwhal.ingest;

import dev.narwhal.lease.Lease;
import dev.narwhal.lease.LeaseHolder;
import dev.narwhal.lease.UploadLeases;
import dev.narwhal.staging.StagingStore;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadRepository;
import java.util.Optional;

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
        return leases.acquireIfFree(id, session).map(lease -> start(session, lease, look));
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
        return start(session, leases.acquire(id, session), look);
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

    private AppendSession start(AppendSession session, Lease lease, UploadExpiry.Look look) {
        session.hold(lease);
        try {
            session.start(load(session.id(), look));
            return session;
        } catch (RuntimeException | Error e) {
            session.close();
            throw e;
        }
    }

    /** For the body of a creation: the lease of an upload that nobody else knows of yet, with the row as it was made. */
    public AppendSession openCreated(Upload created) {
        AppendSession session = session(created.id());
        session.hold(leases.acquire(created.id(), session));
        session.start(created);
        return session;
    }

    /**
     * Judges the offset of a PATCH without the lease, so that nobody is asked to let go for one that cannot be right: a
     * second tab that is behind must not stop a transfer that goes on.
     */
    public OffsetVerdict judge(Upload known, long offset) {
        Optional<LeaseHolder> holder = leases.holder(known.id());
        if (holder.isPresent() && holder.get() instanceof AppendSession session) {
            return session.judge(offset);
        }
        if (holder.isPresent() || offset == known.offset()) {
            return OffsetVerdict.POSSIBLE;
        }
        return overtook(known.id(), offset) ? OffsetVerdict.OVERTAKEN : OffsetVerdict.WRONG;
    }

    /** True when {@code offset} was right until a body whose client heard no answer went past it. */
    public boolean overtook(UploadId id, long offset) {
        return unacknowledged.overtook(id, offset);
    }

    private Upload load(UploadId id, UploadExpiry.Look look) {
        Upload upload = expiry.find(id, look).orElseThrow(() -> new UploadNotFoundException(id));
        if (!upload.state().isComplete() && !staging.holds(upload.volume())) {
            throw new VolumeAbsentException(id, upload.volume());
        }
        return upload;
    }
}
