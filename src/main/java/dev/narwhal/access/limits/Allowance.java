package dev.narwhal.access.limits;

import dev.narwhal.access.Limits;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The limits of one owner, one key or the server, with what is left of its rates. Each rate allows a second's worth at once.
 * Safe for any number of threads.
 */
final class Allowance {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final Scope scope;
    private final Limits limits;
    private final @Nullable Bucket creations;
    private final @Nullable Bucket requests;
    /** HEAD and DELETE may use as many again, so that they are shed last. */
    private final @Nullable Bucket reserve;

    private final @Nullable Bucket bytes;
    private final TimeMeter time;
    private volatile long usedAt;

    Allowance(Scope scope, Limits limits, TimeMeter time) {
        this.scope = scope;
        this.limits = limits;
        this.creations = bucket(limits.creationsPerSecond(), time);
        this.requests = bucket(limits.requestsPerSecond(), time);
        this.reserve = bucket(limits.requestsPerSecond(), time);
        this.bytes = bucket(limits.bytesPerSecond(), time);
        this.time = time;
        this.usedAt = time.currentTimeNanos();
    }

    private static @Nullable Bucket bucket(@Nullable Long perSecond, TimeMeter time) {
        return perSecond == null
                ? null
                : Bucket.builder()
                        .addLimit(limit -> limit.capacity(perSecond).refillGreedy(perSecond, SECOND))
                        .withCustomTimePrecision(time)
                        .build();
    }

    /** As much is used up as of that one: whoever alternates two sets of limits must not find full ones each time. */
    Allowance after(Allowance before) {
        inherit(creations, before.creations);
        inherit(requests, before.requests);
        inherit(reserve, before.reserve);
        inherit(bytes, before.bytes);
        return this;
    }

    private static void inherit(@Nullable Bucket fresh, @Nullable Bucket old) {
        if (fresh != null && old != null) {
            long more = fresh.getAvailableTokens() - Math.max(0, old.getAvailableTokens());
            boolean unused = more > 0 && fresh.tryConsume(more);
        }
    }

    Scope scope() {
        return scope;
    }

    Limits limits() {
        return limits;
    }

    @Nullable
    Bucket bytes() {
        return bytes;
    }

    void touch() {
        usedAt = time.currentTimeNanos();
    }

    boolean isIdleFor(Duration idle) {
        return time.currentTimeNanos() - usedAt > idle.toNanos();
    }

    /** @throws LimitReachedException when there are too many */
    void request(Urgency urgency) {
        if (requests != null && reserve != null) {
            require(Limit.REQUESTS, requests, urgency == Urgency.SHED_LAST ? reserve : requests);
        }
        if (creations != null && urgency == Urgency.SHED_FIRST) {
            require(Limit.CREATIONS, creations, creations);
        }
    }

    private void require(Limit limit, Bucket first, Bucket second) {
        if (first.tryConsume(1)) {
            return;
        }
        ConsumptionProbe probe = second.tryConsumeAndReturnRemaining(1);
        if (!probe.isConsumed()) {
            throw LimitReachedException.passing(scope, limit, Duration.ofNanos(probe.getNanosToWaitForRefill()));
        }
    }
}
