package dev.narwhal.protocol.tus;

import dev.narwhal.access.Audit;
import dev.narwhal.access.Audit.Actor;
import dev.narwhal.access.Caller;
import dev.narwhal.http.ClientAddress;
import dev.narwhal.http.ErrorCode;
import dev.narwhal.http.HttpError;
import dev.narwhal.http.TrustedProxies;
import jakarta.servlet.http.HttpServletRequest;

/** Tells the audit log of requests that were refused for a lack of rights, or by a limit. */
final class TusAudit {

    private final Audit audit;
    private final TrustedProxies proxies;

    TusAudit(Audit audit, TrustedProxies proxies) {
        this.audit = audit;
        this.proxies = proxies;
    }

    /** Who sends the request, for a refusal of it. */
    void remember(HttpServletRequest request, Caller caller) {
        request.setAttribute(Caller.ATTRIBUTE, caller);
    }

    void refused(HttpServletRequest request, TusProblem problem) {
        if (isOfInterest(problem.error())) {
            Caller caller = request.getAttribute(Caller.ATTRIBUTE) instanceof Caller known ? known : Caller.STRANGER;
            Actor actor = Actor.of(caller, ClientAddress.of(request, proxies));
            audit.refused(actor, "tus " + request.getMethod(), problem.error().name());
        }
    }

    private static boolean isOfInterest(ErrorCode error) {
        return error instanceof HttpError shared
                && switch (shared) {
                    case CREDENTIALS_MISSING,
                            CREDENTIALS_INVALID,
                            CREDENTIALS_EXPIRED,
                            SCOPE_MISSING,
                            ORIGIN_REFUSED,
                            UPLOAD_URL_OVER,
                            UPLOAD_OVER_LIMIT,
                            CREATION_FORBIDDEN,
                            STAGED_BYTES_USED,
                            ACTIVE_UPLOADS_USED,
                            TOO_MANY_CREATIONS,
                            TOO_MANY_REQUESTS,
                            TOO_MANY_BODIES -> true;
                    default -> false;
                };
    }
}
