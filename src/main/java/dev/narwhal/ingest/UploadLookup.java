package dev.narwhal.ingest;

import dev.narwhal.access.Caller;
import dev.narwhal.lease.LeaseHolder;
import dev.narwhal.lease.UploadLeases;
import dev.narwhal.staging.StagingStore;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import java.util.Optional;

/** Finds uploads for those who only look. Takes no lease and makes nobody let go. */
public final class UploadLookup {

    private final UploadExpiry expiry;
    private final UploadLeases leases;
    private final StagingStore staging;

    public UploadLookup(UploadExpiry expiry, UploadLeases leases, StagingStore staging) {
        this.expiry = expiry;
        this.leases = leases;
        this.staging = staging;
    }

    /**
     * The row as it is; empty when the caller has no such upload (any more). One statement; one or two more for a partial or
     * a final whose own time is over.
     *
     * @throws UploadExpiredException when nobody went on with it in time
     */
    public Optional<Upload> find(Caller caller, UploadId id) {
        return expiry.find(caller, id, expiry.look(id));
    }

    /**
     * The row after a transfer in progress, dead or alive, has recorded what it received: the offset that a client may go
     * on from. One statement more than {@link #find} during a transfer: a stranger makes nobody record anything.
     *
     * @throws UploadExpiredException when nobody went on with it in time
     * @throws VolumeAbsentException when the bytes of an unfinished upload cannot be reached
     */
    public Optional<Upload> findCurrent(Caller caller, UploadId id) {
        Optional<LeaseHolder> writer = leases.holder(id);
        if (writer.isPresent() && find(caller, id).isEmpty()) {
            return Optional.empty();
        }
        writer.ifPresent(LeaseHolder::catchUp);
        Optional<Upload> found = find(caller, id);
        found.ifPresent(row -> {
            requireVolume(row);
            tell(writer, row);
        });
        return found;
    }

    /** Whoever writes now may go past what the client is told, be it the one who was asked or one who has come since. */
    private void tell(Optional<LeaseHolder> asked, Upload row) {
        asked.ifPresent(writer -> writer.told(row.offset()));
        leases.holder(row.id())
                .filter(writer -> !asked.equals(Optional.of(writer)))
                .ifPresent(writer -> writer.told(row.offset()));
    }

    private void requireVolume(Upload upload) {
        if (!upload.state().isComplete() && !staging.holds(upload.volume())) {
            throw new VolumeAbsentException(upload.id(), upload.volume());
        }
    }
}
