package dev.narwhal.protocol.tus;

import dev.narwhal.access.AccessRefusedException;
import dev.narwhal.access.Authenticator;
import dev.narwhal.access.Caller;
import dev.narwhal.access.Role;
import dev.narwhal.access.UploadUrls;
import dev.narwhal.http.HttpError;
import dev.narwhal.upload.UploadId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may send a tus request. The statuses follow from what stock clients do: after a 401 tus-js-client forgets the upload
 * and begins at byte 0, so that a HEAD or a PATCH with an expired token, which the client can renew, gets 423.
 */
final class TusGate {

    private static final int LOCKED = 423;
    private static final Set<String> RESUMING = Set.of("HEAD", "PATCH");
    private static final String CHALLENGE = "Bearer realm=\"narwhal\"";
    private static final String EXPIRED = CHALLENGE + ", error=\"invalid_token\", error_description=\"expired\"";
    private static final String INVALID = CHALLENGE + ", error=\"invalid_token\"";
    private static final String NARROW = CHALLENGE + ", error=\"insufficient_scope\"";

    private final Authenticator authenticator;
    private final UploadUrls urls;

    TusGate(Authenticator authenticator, UploadUrls urls) {
        this.authenticator = authenticator;
        this.urls = urls;
    }

    /** The caller of the request. OPTIONS is for everybody. */
    Caller admit(HttpServletRequest request, UploadPath path) throws TusProblem {
        String method = request.getMethod();
        if (method.equals("OPTIONS")) {
            return Caller.STRANGER;
        }
        try {
            String token = path.token();
            Caller caller = token == null ? authenticator.callerOf(request) : callerOf(token, request);
            require(caller, method, path.id());
            return caller;
        } catch (AccessRefusedException e) {
            throw refusal(method, e.error());
        }
    }

    /** With an upload URL nothing else counts, whatever else the request presents. */
    private Caller callerOf(String token, HttpServletRequest request) throws AccessRefusedException {
        String origin = request.getHeader("Origin");
        return request.getMethod().equals("POST") ? urls.creating(token, origin) : urls.resuming(token, origin);
    }

    /** A stranger goes on with an ownerless upload, which needs its id. The engine finds no other. */
    private static void require(Caller caller, String method, @Nullable UploadId id) throws AccessRefusedException {
        if (caller == Caller.STRANGER && id != null && !method.equals("GET")) {
            return;
        }
        switch (method) {
            case "GET" -> Authenticator.require(caller, Role.READ);
            case "HEAD" -> Authenticator.require(caller, caller.has(Role.READ) ? Role.READ : Role.UPLOAD);
            default -> Authenticator.require(caller, Role.UPLOAD);
        }
    }

    /** The problem as the caller may know it: a stranger who finds no upload might find one with credentials. */
    static TusProblem toCaller(Caller caller, TusProblem problem) {
        return caller == Caller.STRANGER && problem.error() == TusError.UPLOAD_NOT_FOUND
                ? refusal("", HttpError.CREDENTIALS_MISSING)
                : problem;
    }

    static TusProblem refusal(String method, HttpError error) {
        TusProblem problem = new TusProblem(error);
        boolean resumes = RESUMING.contains(method);
        return switch (error) {
            case CREDENTIALS_MISSING -> problem.with("WWW-Authenticate", CHALLENGE);
            case CREDENTIALS_INVALID -> problem.with("WWW-Authenticate", INVALID);
            case CREDENTIALS_EXPIRED ->
                (resumes ? problem.withStatus(LOCKED) : problem).with("WWW-Authenticate", EXPIRED);
            case SCOPE_MISSING -> problem.with("WWW-Authenticate", NARROW);
            case ACCESS_UNAVAILABLE -> method.equals("HEAD") ? problem.withStatus(LOCKED) : problem;
            default -> problem;
        };
    }
}
