package dev.narwhal.ingest;

import dev.narwhal.access.Caller;
import dev.narwhal.lease.LeaseHolder;
import dev.narwhal.lease.UploadLeases;
import dev.narwhal.staging.StagingStore;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import java.util.Optional;

/** Finds uploads for requests that only read. Takes no lease and makes no holder let go. */
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
     * The row as it is now; empty when the caller has no such upload (any more). Costs one statement; one or two more
     * for a partial or a final past its own deadline.
     *
     * @throws UploadExpiredException when the upload has expired
     */
    public Optional<Upload> find(Caller caller, UploadId id) {
        return expiry.find(caller, id, expiry.observe(id));
    }

    /**
     * The row after the current holder, on a live or a dead connection, has recorded its received bytes: a client may
     * resume at this offset. Costs one statement more than {@link #find} during a transfer, because only the upload's
     * owner may make the holder record.
     *
     * @throws UploadExpiredException when the upload has expired
     * @throws VolumeAbsentException when the volume with an unfinished upload's bytes is not mounted
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
            noteTold(writer, row);
        });
        return found;
    }

    /**
     * Tells the offset to every holder that may move past it: the holder asked before, and one that has come since.
     */
    private void noteTold(Optional<LeaseHolder> asked, Upload row) {
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
