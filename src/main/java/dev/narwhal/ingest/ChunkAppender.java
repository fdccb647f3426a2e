package dev.narwhal.ingest;

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
    private final UnacknowledgedBodies unacknowledged = new UnacknowledgedBodies(System::nanoTime);

    public ChunkAppender(UploadRepository uploads, StagingStore staging, UploadLeases leases) {
        this.uploads = uploads;
        this.staging = staging;
        this.leases = leases;
    }

    /**
     * Takes the upload's lease, from a dead connection's request if need be, and reads the row as that one left it.
     *
     * @throws dev.narwhal.lease.LeaseUnavailableException when the present holder did not let go in time
     * @throws UploadNotFoundException when the upload is not there
     * @throws VolumeAbsentException when its bytes cannot be reached
     */
    public AppendSession open(UploadId id) {
        AppendSession session = new AppendSession(id, uploads, staging, unacknowledged);
        session.hold(leases.acquire(id, session));
        try {
            session.start(load(id));
            return session;
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
    }

    /**
     * True when a PATCH at {@code offset} cannot be right whatever the present writer does, so that nobody need be asked to
     * let go for it. Takes no lease.
     */
    public boolean isHopeless(Upload known, long offset) {
        if (overtook(known.id(), offset)) {
            return false;
        }
        Optional<LeaseHolder> holder = leases.holder(known.id());
        if (holder.isPresent() && holder.get() instanceof AppendSession session) {
            return offset < session.startedAt();
        }
        return holder.isEmpty() && offset != known.offset();
    }

    /** True when {@code offset} was right until a body whose client heard no answer went past it. */
    public boolean overtook(UploadId id, long offset) {
        return unacknowledged.overtook(id, offset);
    }

    private Upload load(UploadId id) {
        Upload upload = uploads.find(id)
                .filter(found -> found.state().isLive())
                .orElseThrow(() -> new UploadNotFoundException(id));
        if (!upload.state().isComplete() && !staging.holds(upload.volume())) {
            throw new VolumeAbsentException(id, upload.volume());
        }
        return upload;
    }
}
