package dev.narwhal.access.limits;

import dev.narwhal.http.HttpError;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A limit leaves no room for a request. Nothing has changed. */
public final class LimitReachedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Scope scope;
    private final Limit limit;
    private final @Nullable Duration retryAfter;

    private LimitReachedException(Scope scope, Limit limit, @Nullable Duration retryAfter) {
        super("The limit of " + limit.label() + " of the " + scope.label() + " is reached", null, false, false);
        this.scope = scope;
        this.limit = limit;
        this.retryAfter = retryAfter;
    }

    /** The same request may pass later. */
    static LimitReachedException passing(Scope scope, Limit limit, Duration retryAfter) {
        return new LimitReachedException(scope, limit, retryAfter);
    }

    /** The same request never passes. */
    static LimitReachedException lasting(Scope scope, Limit limit) {
        return new LimitReachedException(scope, limit, null);
    }

    public Scope scope() {
        return scope;
    }

    public Limit limit() {
        return limit;
    }

    /** True when time alone does not help. */
    public boolean isLasting() {
        return retryAfter == null;
    }

    /** What the client is told. */
    public HttpError error() {
        return switch (limit) {
            case UPLOAD_SIZE -> HttpError.UPLOAD_OVER_LIMIT;
            case STAGED_BYTES -> isLasting() ? HttpError.UPLOAD_OVER_LIMIT : HttpError.STAGED_BYTES_USED;
            case ACTIVE_UPLOADS -> isLasting() ? HttpError.CREATION_FORBIDDEN : HttpError.ACTIVE_UPLOADS_USED;
            case CREATIONS -> HttpError.TOO_MANY_CREATIONS;
            case REQUESTS -> HttpError.TOO_MANY_REQUESTS;
            case BODIES -> HttpError.TOO_MANY_BODIES;
        };
    }

    /** Whole seconds after which to come back, at least 1; 1 for a limit that does not pass. */
    public long retryAfterSeconds() {
        return retryAfter == null ? 1 : Math.max(1, Math.ceilDiv(retryAfter.toMillis(), 1000));
    }
}
