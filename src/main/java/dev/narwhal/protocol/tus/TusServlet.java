package dev.narwhal.protocol.tus;

import dev.narwhal.access.Caller;
import dev.narwhal.access.limits.LimitReachedException;
import dev.narwhal.access.limits.Limiter;
import dev.narwhal.access.limits.Urgency;
import dev.narwhal.http.AnswerHeaders;
import dev.narwhal.http.BodyClaim;
import dev.narwhal.http.BodyPresence;
import dev.narwhal.http.HttpError;
import dev.narwhal.upload.UploadId;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import org.apache.catalina.connector.ClientAbortException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The servlet of the tus path. It adds the headers of every answer, finds effective method and path, then calls the
 * engine, or a download for GET.
 */
final class TusServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final Logger log = LoggerFactory.getLogger(TusServlet.class);
    private static final Set<String> ON_CREATION_URL = Set.of("OPTIONS", "POST");
    private static final Set<String> ON_UPLOAD_URL = Set.of("OPTIONS", "HEAD", "PATCH", "DELETE", "GET");

    private static final Set<String> BRINGING_BYTES = Set.of("POST", "PATCH");

    private final transient TusEngine engine;
    private final transient DownloadResponder downloads;
    private final transient AnswerHeaders headers;
    private final transient Limiter limiter;
    private final transient TusAudit audit;
    private final transient TusGate gate;

    TusServlet(
            TusEngine engine,
            DownloadResponder downloads,
            AnswerHeaders headers,
            TusGate gate,
            Limiter limiter,
            TusAudit audit) {
        this.audit = audit;
        this.limiter = limiter;
        this.gate = gate;
        this.engine = engine;
        this.downloads = downloads;
        this.headers = headers;
    }

    /** Overrides service, because HttpServlet knows no PATCH and answers OPTIONS by itself. */
    @Override
    protected void service(HttpServletRequest servletRequest, HttpServletResponse response) throws IOException {
        TusRequest request = new TusRequest(servletRequest);
        headers.apply(request, response);
        try {
            route(request, response);
        } catch (TusProblem e) {
            refuse(request, response, e);
        } catch (LimitReachedException e) {
            refuse(request, response, ErrorMapper.problem(request.getMethod(), e));
        } catch (ClientAbortException e) {
            // The client has closed the connection during a download: no client is left to answer, and nothing is
            // wrong with the server.
            log.debug(
                    "request.broken-off upload={} method={} uri={}",
                    UploadPath.idOf(request),
                    request.getMethod(),
                    UploadPath.shown(request),
                    e);
        } catch (IOException | RuntimeException | Error e) {
            failUnexpectedly(request, response, e);
        }
    }

    private void refuse(TusRequest request, HttpServletResponse response, TusProblem problem) throws IOException {
        log.debug(
                "request.refused upload={} method={} uri={} code={}",
                UploadPath.idOf(request),
                request.getMethod(),
                UploadPath.shown(request),
                problem.error());
        audit.refused(request, problem);
        fail(request, response, problem);
    }

    /**
     * Catches errors, too: Tomcat does not close the connection after some of them, such as out of memory, and the
     * client would wait for ever.
     */
    private static void failUnexpectedly(TusRequest request, HttpServletResponse response, Throwable failure)
            throws IOException {
        if (response.isCommitted()) {
            // Tomcat closes the connection: the client must not take a truncated answer for the whole.
            throw new IOException("The answer broke off", failure);
        }
        // Set first, in case writing the body fails as well.
        response.setStatus(HttpError.INTERNAL.status());
        try {
            log.error(
                    "request.failed upload={} method={} uri={}",
                    UploadPath.idOf(request),
                    request.getMethod(),
                    UploadPath.shown(request),
                    failure);
            fail(request, response, ErrorMapper.problem(request.getMethod(), failure));
        } catch (Error again) {
            failure.addSuppressed(again);
            throw new IOException("The answer could not be made", failure);
        }
    }

    private void route(TusRequest request, HttpServletResponse response) throws IOException, TusProblem {
        Optional<UploadPath> path = UploadPath.of(request);
        if (path.isEmpty()) {
            throw new TusProblem(HttpError.NOT_FOUND);
        }
        UploadId id = path.get().id();
        if (path.get().token() != null) {
            response.setHeader("Referrer-Policy", "no-referrer");
        }
        requireMethod(request.getMethod(), id == null ? ON_CREATION_URL : ON_UPLOAD_URL);
        Caller caller = gate.admit(request, path.get());
        audit.remember(request, caller);
        if (!request.getMethod().equals("OPTIONS")) {
            limiter.admit(caller, Urgency.of(request.getMethod()));
        }
        if (id != null && request.getMethod().equals("GET")) {
            downloads.respond(request, response, id, caller);
            return;
        }
        try (Limiter.Body held = admitBody(request, caller);
                TusExchange exchange = TusExchange.begin(request, caller, id)) {
            engine.process(request, response, exchange.caller().owner());
        }
        LeadingHeaders.order(response);
    }

    /** Checked before any look-up: a server without memory for the body must not spend any on the request. */
    private Limiter.Body admitBody(TusRequest request, Caller caller) throws IOException, TusProblem {
        if (!BRINGING_BYTES.contains(request.getMethod()) || !BodyPresence.mayHaveBody(request)) {
            return Limiter.NO_BODY;
        }
        if (!BodyClaim.of(request).admit()) {
            throw new TusProblem(TusError.OVERLOADED).with("Retry-After", BodyClaim.RETRY_SECONDS);
        }
        return limiter.body(caller);
    }

    /** T15. */
    private static void requireMethod(String method, Set<String> allowed) throws TusProblem {
        if (!allowed.contains(method)) {
            throw new TusProblem(HttpError.METHOD_NOT_ALLOWED)
                    .with("Allow", String.join(", ", allowed.stream().sorted().toList()));
        }
    }

    private static void fail(HttpServletRequest request, HttpServletResponse response, TusProblem problem)
            throws IOException {
        if (response.isCommitted()) {
            return;
        }
        problem.problem().write(response, !request.getMethod().equals("HEAD"));
    }
}
