package dev.narwhal.ingest;

import dev.narwhal.access.Caller;
import dev.narwhal.lease.LeaseHolder;
import dev.narwhal.lease.UploadLeases;
import dev.narwhal.staging.StagingStore;
import dev.narwhal.upload.ExpiryRepository;
import dev.narwhal.upload.GrantedUpload;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadRepository;
import dev.narwhal.upload.UploadState;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Decides which uploads have expired (tus 1.0.0, "Expiration"): from the time stated in Upload-Expires on, and not
 * only when the sweep finds them (T112).
 *
 * <p>An upload past its own deadline stays alive while an admitted request writes to it, whatever its row says: bytes
 * are recorded later than they arrive. A partial stays alive while a final needs it, and an unfinished final while
 * one of its partials does.
 */
public final class UploadExpiry {

    private final UploadRepository uploads;
    private final ExpiryRepository expiries;
    private final StagingStore staging;
    private final UploadLeases leases;
    private final Clock clock;

    public UploadExpiry(
            UploadRepository uploads,
            ExpiryRepository expiries,
            StagingStore staging,
            UploadLeases leases,
            Clock clock) {
        this.uploads = uploads;
        this.expiries = expiries;
        this.staging = staging;
        this.leases = leases;
        this.clock = clock;
    }

    /**
     * The state to read before the row. Read the clock first, then the current writer, then the row. In any other
     * order a request admitted before the deadline could be missed: either it still holds the lease (seen second) or
     * its bytes have extended the row's deadline (seen third).
     */
    record Observation(Instant now, boolean beingWritten) {}

    Observation observe(UploadId id) {
        Instant now = clock.instant();
        return new Observation(now, isBeingWritten(id));
    }

    /**
     * The row; empty when the caller has no such upload (any more).
     *
     * @throws UploadExpiredException when it has expired
     */
    Optional<Upload> find(Caller caller, UploadId id, Observation before) {
        return uploads.find(id, caller.sight()).filter(found -> isLive(found, before));
    }

    /**
     * As {@link #find}, for a request that is about to take the upload's lease, or holds it.
     *
     * @throws UploadExpiredException when it has expired
     */
    Optional<GrantedUpload> findForLease(Caller caller, UploadId id, Observation before) {
        return uploads.findForLease(id, caller.sight()).filter(granted -> isLive(granted.upload(), before));
    }

    private boolean isLive(Upload found, Observation before) {
        if (hasExpired(found, before, staging::holds)) {
            throw new UploadExpiredException(found.id());
        }
        return found.state().isLive();
    }

    /**
     * Whether a row has expired that the current transaction has locked: no other request can record bytes meanwhile.
     *
     * @param holds whether a volume is mounted here, answered without its disk: a transaction must not wait for a
     *     disk
     */
    boolean hasExpired(Upload locked, Predicate<String> holds) {
        return locked.isOverdue(clock.instant()) && hasExpired(locked, observe(locked.id()), holds);
    }

    /**
     * An overdue upload on another process's volume has not expired for this process: only the other process knows
     * whether a request writes to it.
     */
    private boolean hasExpired(Upload upload, Observation before, Predicate<String> holds) {
        if (upload.state() == UploadState.EXPIRED) {
            return true;
        }
        if (!upload.isOverdue(before.now()) || before.beingWritten() || !holds.test(upload.volume())) {
            return false;
        }
        return switch (upload.kind()) {
            case WHOLE -> true;
            case PARTIAL -> !isNeededByFinal(upload.id(), before.now());
            case FINAL -> !hasLivePartial(upload.id(), before.now());
        };
    }

    /**
     * True when the partial belongs to an undelivered final, or to an unfinished final that has not expired itself.
     */
    private boolean isNeededByFinal(UploadId partial, Instant now) {
        return expiries.finalsOf(partial).stream()
                .anyMatch(needing -> !needing.isOverdue(now) || hasLivePartial(needing.id(), now));
    }

    /**
     * True for an unfinished final with a live partial: its deadline has not passed, or a request writes to it. The
     * rows are read again after the writers, for the reason given at {@link Observation}.
     */
    boolean hasLivePartial(UploadId finalUpload, Instant now) {
        boolean live = uploads.partials(finalUpload).stream()
                .anyMatch(partial -> isUnexpired(partial, now) || isBeingWritten(partial.id()));
        return live || uploads.partials(finalUpload).stream().anyMatch(partial -> isUnexpired(partial, now));
    }

    private static boolean isUnexpired(Upload partial, Instant now) {
        return partial.isExpirable() && !partial.isOverdue(now);
    }

    /**
     * True while an admitted request holds the upload's lease. A request that may still be refused does not keep the
     * upload alive.
     */
    private boolean isBeingWritten(UploadId id) {
        return leases.holder(id).filter(LeaseHolder::isWriting).isPresent();
    }
}
