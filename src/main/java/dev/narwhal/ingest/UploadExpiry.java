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
 * Which uploads have expired (tus 1.0.0, "Expiration"): by the clock, from the moment that was stated on, and not from when
 * the sweep comes by (T112).
 *
 * <p>An upload whose own time is over lives on while a request writes to it, whatever its row says: its bytes are recorded
 * later than they come. A partial lives on while a final needs it, an unfinished final while one of its partials does.
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
     * What has to be known before the row is read. In this order, the time, then the writer, then the row, nobody is
     * refused wrongly: a request that was let in before that time is seen writing, or has recorded in the row what it
     * brought; and none is let in afterwards.
     */
    record Look(Instant now, boolean written) {}

    Look look(UploadId id) {
        Instant now = clock.instant();
        return new Look(now, isWritten(id));
    }

    /**
     * The row; empty when the caller has no such upload (any more).
     *
     * @throws UploadExpiredException when it has expired
     */
    Optional<Upload> find(Caller caller, UploadId id, Look look) {
        return uploads.find(id, caller.owner()).filter(found -> isLive(found, look));
    }

    /**
     * The same for whoever is about to take the upload's lease, or has it.
     *
     * @throws UploadExpiredException when it has expired
     */
    Optional<GrantedUpload> findForLease(Caller caller, UploadId id, Look look) {
        return uploads.findForLease(id, caller.owner()).filter(granted -> isLive(granted.upload(), look));
    }

    private boolean isLive(Upload found, Look look) {
        if (hasExpired(found, look, staging::holds)) {
            throw new UploadExpiredException(found.id());
        }
        return found.state().isLive();
    }

    /**
     * Whether a row that is locked by the transaction in progress has expired: what is recorded while one looks cannot be
     * missed then.
     *
     * @param holds whether a volume is here, without asking its disk: a transaction waits for no disk
     */
    boolean hasExpired(Upload locked, Predicate<String> holds) {
        return locked.isOverdue(clock.instant()) && hasExpired(locked, look(locked.id()), holds);
    }

    /** Of an upload on another process's volume only that process knows whether it is being written to. */
    private boolean hasExpired(Upload upload, Look look, Predicate<String> holds) {
        if (upload.state() == UploadState.EXPIRED) {
            return true;
        }
        if (!upload.isOverdue(look.now()) || look.written() || !holds.test(upload.volume())) {
            return false;
        }
        return switch (upload.kind()) {
            case WHOLE -> true;
            case PARTIAL -> !isNeeded(upload.id(), look.now());
            case FINAL -> !isFed(upload.id(), look.now());
        };
    }

    /** True for a partial that an undelivered final, or an unfinished one that has not expired itself, is made of. */
    private boolean isNeeded(UploadId partial, Instant now) {
        return expiries.finalsOf(partial).stream()
                .anyMatch(needing -> !needing.isOverdue(now) || isFed(needing.id(), now));
    }

    /**
     * True for an unfinished final of which a partial is not over: it got a byte not long ago, or is being written to. The
     * rows are read once more after it was seen that nobody writes, for the reason given at {@link Look}.
     */
    boolean isFed(UploadId finalUpload, Instant now) {
        boolean fed = uploads.partials(finalUpload).stream()
                .anyMatch(partial -> isAlive(partial, now) || isWritten(partial.id()));
        return fed || uploads.partials(finalUpload).stream().anyMatch(partial -> isAlive(partial, now));
    }

    private static boolean isAlive(Upload partial, Instant now) {
        return partial.isExpirable() && !partial.isOverdue(now);
    }

    /** True while a request that was let in holds the upload's lease; one that is about to be refused keeps nothing alive. */
    private boolean isWritten(UploadId id) {
        return leases.holder(id).filter(LeaseHolder::isWriting).isPresent();
    }
}
