package dev.narwhal.access.limits;

import dev.narwhal.access.Limits;
import dev.narwhal.access.UploadUrl;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadEvent;
import dev.narwhal.upload.UploadKind;
import dev.narwhal.upload.UploadListener;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Keeps the use of owners and keys in the transactions that change uploads, and refuses what exceeds a limit there: of two
 * creations that together exceed it, one passes. A PATCH of an upload with a declared length costs no statement.
 *
 * <p>Finals are not counted, so that a transaction that holds a row of this table never waits for one that holds an upload.
 */
final class UsageCounter implements UploadListener, SmartInitializingSingleton {

    /** Room comes with a delivery, a deletion or an expiry. */
    static final Duration RETRY_AFTER = Duration.ofSeconds(30);

    private static final String NOBODY = "";

    private final UsageRepository usage;
    private final Limiter limiter;

    UsageCounter(UsageRepository usage, Limiter limiter) {
        this.usage = usage;
        this.limiter = limiter;
    }

    /** The use of nobody, the owner while access is open, was not counted as long as nothing limited it. */
    @Override
    public void afterSingletonsInstantiated() {
        if (limiter.countsNobody()) {
            usage.recount(Scope.OWNER, NOBODY);
        }
    }

    @Override
    public void changed(UploadEvent event) {
        @Nullable Upload before = event.before();
        Upload now = event.now();
        if (before == null && event.type() != UploadEvent.Type.CREATED) {
            // The second event of a creation: the first was of the same row.
            return;
        }
        boolean declared = now.length() != null && (before == null || before.isLengthDeferred());
        if (declared && now.state().isLive()) {
            requireSize(now);
        }
        Usage delta = delta(before, now);
        if (!delta.equals(Usage.NONE)) {
            count(now, delta, declared || before == null);
        }
    }

    private void requireSize(Upload upload) {
        limiter.requireSize(Scope.OWNER, upload.owner(), ownerLimits(upload), upload.progress());
        @Nullable String key = UploadUrl.keyOf(upload.terms().credential());
        if (key != null) {
            limiter.requireSize(Scope.KEY, upload.owner(), limiter.keyLimits(key), upload.progress());
        }
    }

    private Limits ownerLimits(Upload upload) {
        return limiter.ownerLimits(upload.owner());
    }

    private static Usage delta(@Nullable Upload before, Upload now) {
        Usage was = before == null ? Usage.NONE : of(before);
        Usage is = of(now);
        return new Usage(is.stagedBytes() - was.stagedBytes(), is.activeUploads() - was.activeUploads());
    }

    /** As {@link UsageRepository} counts in SQL. */
    static Usage of(Upload upload) {
        if (upload.kind() == UploadKind.FINAL) {
            return Usage.NONE;
        }
        Long length = upload.length();
        long bytes = length == null ? upload.offset() : length;
        return switch (upload.state()) {
            case RECEIVING -> new Usage(bytes, 1);
            case FINISHED, FAILED -> new Usage(bytes, 0);
            case DELIVERED, EXPIRED, TERMINATED -> Usage.NONE;
        };
    }

    /** Always the owner's row before the key's: the order of the locks. */
    private void count(Upload upload, Usage delta, boolean limited) {
        String owner = upload.owner();
        if (!owner.equals(NOBODY) || limiter.countsNobody()) {
            count(Scope.OWNER, owner, owner, delta, limited ? ownerLimits(upload) : Limits.NONE);
        }
        @Nullable String key = UploadUrl.keyOf(upload.terms().credential());
        if (key != null) {
            count(Scope.KEY, key, owner, delta, limited ? limiter.keyLimits(key) : Limits.NONE);
        }
    }

    private void count(Scope scope, String subject, String owner, Usage delta, Limits limits) {
        if (!usage.add(scope, subject, delta, limits.stagedBytes(), limits.activeUploads())) {
            LimitReachedException refusal = refusal(scope, delta, limits, usage.find(scope, subject));
            limiter.tell(owner, refusal);
            throw refusal;
        }
    }

    /** Which limit has no room for that much more. */
    static LimitReachedException refusal(Scope scope, Usage more, Limits limits, Usage now) {
        Long staged = limits.stagedBytes();
        if (staged != null && more.stagedBytes() > staged) {
            return LimitReachedException.lasting(scope, Limit.STAGED_BYTES);
        }
        if (staged != null && now.stagedBytes() > staged - more.stagedBytes()) {
            return LimitReachedException.passing(scope, Limit.STAGED_BYTES, RETRY_AFTER);
        }
        Long active = limits.activeUploads();
        return active != null && active == 0
                ? LimitReachedException.lasting(scope, Limit.ACTIVE_UPLOADS)
                : LimitReachedException.passing(scope, Limit.ACTIVE_UPLOADS, RETRY_AFTER);
    }
}
