package dev.narwhal.access.limits;

import dev.narwhal.access.ApiKey;
import dev.narwhal.access.Caller;
import dev.narwhal.access.Limits;
import dev.narwhal.access.UploadUrl;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadProgress;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What limits say to a request: of its key, of its owner, and of the server. Costs one comparison where nothing is limited.
 * Rates are those of this process. Safe for any number of threads.
 */
public final class Limiter {

    private static final Duration BODIES_AGAIN = Duration.ofSeconds(5);
    private static final int SHED_CREATIONS_FROM_TENTHS = 9;

    private final Limits everyOwner;
    private final boolean limitsServer;
    private final Allowance server;
    private final @Nullable Long mostBodies;
    private final AtomicLong bodies = new AtomicLong();
    private final Allowances owners;
    private final Allowances keys;
    private final UsageRepository usage;
    private final Function<String, Limits> limitsOfKey;
    private final LimitMetrics metrics;

    /** @param limitsOfKey of an API key by its id; none for one that is not there */
    Limiter(
            Limits everyOwner,
            ServerLimitsProperties server,
            UsageRepository usage,
            Function<String, Limits> limitsOfKey,
            MeterRegistry registry,
            TimeMeter time) {
        this.limitsOfKey = limitsOfKey;
        this.everyOwner = everyOwner;
        this.mostBodies = server.bodies();
        this.limitsServer = mostBodies != null || !server.rates().isNone();
        this.server = new Allowance(Scope.SERVER, server.rates(), time);
        this.owners = new Allowances(Scope.OWNER, time);
        this.keys = new Allowances(Scope.KEY, time);
        this.usage = usage;
        this.metrics = new LimitMetrics(registry);
    }

    /** True when the use of uploads without an owner must be counted, which it normally is not. */
    boolean countsNobody() {
        return everyOwner.limitsUse();
    }

    private boolean isFree(Caller caller) {
        return !limitsServer && everyOwner.isNone() && caller.limits().isNone();
    }

    /** A body that is being received. */
    public interface Body extends AutoCloseable {
        @Override
        void close();
    }

    /** For a request without a body. */
    public static final Body NO_BODY = () -> {};

    /**
     * To be called before anything is looked up for a request.
     *
     * @throws LimitReachedException when there are too many requests or creations
     */
    public void admit(Caller caller, Urgency urgency) {
        if (isFree(caller)) {
            return;
        }
        try {
            for (Allowance allowance : allowances(caller)) {
                allowance.request(urgency);
            }
            if (urgency == Urgency.SHED_FIRST && mostBodies != null) {
                requireBodies(bodies.get(), mostForCreations(mostBodies));
            }
        } catch (LimitReachedException refusal) {
            tell(caller.owner(), refusal);
            throw refusal;
        }
    }

    /** At least one: a limit of one body admits creations, too. */
    private static long mostForCreations(long most) {
        return Math.max(1, most / 10 * SHED_CREATIONS_FROM_TENTHS + most % 10 * SHED_CREATIONS_FROM_TENTHS / 10);
    }

    private static void requireBodies(long now, long most) {
        if (now >= most) {
            throw LimitReachedException.passing(Scope.SERVER, Limit.BODIES, BODIES_AGAIN);
        }
    }

    /**
     * Counts a body until it is closed.
     *
     * @throws LimitReachedException when the server receives as many as it may
     */
    public Body body(Caller caller) {
        if (mostBodies == null) {
            return NO_BODY;
        }
        long before = bodies.getAndUpdate(now -> now < mostBodies ? now + 1 : now);
        try {
            requireBodies(before, mostBodies);
        } catch (LimitReachedException refusal) {
            tell(caller.owner(), refusal);
            throw refusal;
        }
        return bodies::decrementAndGet;
    }

    /** How fast the bodies of this caller may come. */
    public Pace pace(Caller caller) {
        if (isFree(caller)) {
            return Pace.FREE;
        }
        List<Bucket> buckets = new ArrayList<>();
        long slowest = Long.MAX_VALUE;
        for (Allowance allowance : allowances(caller)) {
            Bucket bytes = allowance.bytes();
            Long perSecond = allowance.limits().bytesPerSecond();
            if (bytes != null && perSecond != null) {
                buckets.add(bytes);
                slowest = Math.min(slowest, perSecond);
            }
        }
        return Pace.of(buckets, slowest);
    }

    /** The largest upload of this caller in bytes; {@link Long#MAX_VALUE} without a limit. */
    public long largestUpload(Caller caller) {
        Long largest = everyOwner.and(caller.limits()).uploadSize();
        return largest == null ? Long.MAX_VALUE : largest;
    }

    /**
     * Asks before a body flows whether its new upload would fit. The transaction that adds the upload decides. No statement
     * unless a limit needs one.
     *
     * @param length of the new upload; null while it is not declared
     * @throws LimitReachedException when it does not fit
     */
    public void requireRoom(Caller caller, @Nullable Long length) {
        if (isFree(caller)) {
            return;
        }
        Usage more = new Usage(length == null ? 0 : length, 1);
        for (Allowance allowance : allowances(caller)) {
            if (allowance.limits().limitsUse()) {
                String subject = subject(allowance.scope(), caller);
                requireRoom(allowance, caller.owner(), more, usage.find(allowance.scope(), subject));
            }
        }
    }

    private void requireRoom(Allowance allowance, String owner, Usage more, Usage now) {
        Long staged = allowance.limits().stagedBytes();
        Long active = allowance.limits().activeUploads();
        boolean fits = (staged == null || now.stagedBytes() <= staged - more.stagedBytes())
                && (active == null || now.activeUploads() <= active - more.activeUploads());
        if (!fits) {
            LimitReachedException refusal = UsageCounter.refusal(allowance.scope(), more, allowance.limits(), now);
            tell(owner, refusal);
            throw refusal;
        }
    }

    /**
     * How many more bytes an upload without a declared length may get; {@link Long#MAX_VALUE} without a limit. No statement
     * unless a limit needs one.
     *
     * @throws LimitReachedException when there is no room at all
     */
    public long roomFor(Upload upload) {
        long room = room(Scope.OWNER, upload.owner(), upload.owner(), ownerLimits(upload.owner()));
        @Nullable String key = UploadUrl.keyOf(upload.terms().credential());
        return key == null ? room : Math.min(room, room(Scope.KEY, key, upload.owner(), keyLimits(key)));
    }

    private long room(Scope scope, String subject, String owner, Limits limits) {
        Long staged = limits.stagedBytes();
        if (staged == null) {
            return Long.MAX_VALUE;
        }
        long room = staged - usage.find(scope, subject).stagedBytes();
        if (room <= 0) {
            LimitReachedException refusal =
                    LimitReachedException.passing(scope, Limit.STAGED_BYTES, UsageCounter.RETRY_AFTER);
            tell(owner, refusal);
            throw refusal;
        }
        return room;
    }

    void requireSize(Scope scope, String owner, Limits limits, UploadProgress progress) {
        Long largest = limits.uploadSize();
        Long length = progress.length();
        if (largest != null && length != null && length > largest) {
            LimitReachedException refusal = LimitReachedException.lasting(scope, Limit.UPLOAD_SIZE);
            tell(owner, refusal);
            throw refusal;
        }
    }

    /** As that owner's last request brought them, or those of every owner. */
    Limits ownerLimits(String owner) {
        Limits last = owners.limitsOf(owner);
        return last == null ? everyOwner : last;
    }

    /** As the key's last request brought them, or the database has them. */
    Limits keyLimits(String key) {
        Limits last = keys.limitsOf(key);
        return last == null ? limitsOfKey.apply(ApiKey.idOf(key)) : last;
    }

    /** What each owner has in use, in pages by name. */
    public List<OwnerUsage> owners(String after, int limit) {
        return usage.owners(after, limit).stream()
                .map(one -> new OwnerUsage(one.owner(), one.usage(), ownerLimits(one.owner())))
                .toList();
    }

    /** What the caller's owner has in use, and may use. */
    public OwnerUsage owner(Caller caller) {
        Limits limits = UploadUrl.keyOf(caller.credential()) == null ? everyOwner.and(caller.limits()) : everyOwner;
        return new OwnerUsage(caller.owner(), usage.find(Scope.OWNER, caller.owner()), limits);
    }

    void tell(String owner, LimitReachedException refusal) {
        metrics.refused(owner, refusal);
    }

    /** The narrowest first. The limits that come with a token, not with a key, are the owner's. */
    private List<Allowance> allowances(Caller caller) {
        List<Allowance> all = new ArrayList<>(3);
        @Nullable String key = UploadUrl.keyOf(caller.credential());
        if (key != null && !caller.limits().isNone()) {
            all.add(keys.of(key, caller.limits()));
        }
        Limits owner = key == null ? everyOwner.and(caller.limits()) : everyOwner;
        if (!owner.isNone()) {
            all.add(owners.of(caller.owner(), owner));
        }
        if (limitsServer) {
            all.add(server);
        }
        return all;
    }

    private static String subject(Scope scope, Caller caller) {
        @Nullable String key = UploadUrl.keyOf(caller.credential());
        return scope == Scope.KEY && key != null ? key : caller.owner();
    }
}
