package dev.narwhal.protocol.tus;

import dev.narwhal.access.Caller;
import dev.narwhal.http.ContainerAnswer;
import dev.narwhal.http.HttpError;
import dev.narwhal.ingest.AppendSession;
import dev.narwhal.ingest.BodyInterruptedException;
import dev.narwhal.ingest.ChunkAppender;
import dev.narwhal.ingest.UploadLookup;
import dev.narwhal.ingest.UploadNotFoundException;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import me.desair.tus.server.HttpMethod;
import me.desair.tus.server.TusExtension;
import me.desair.tus.server.TusFileUploadService;
import me.desair.tus.server.exception.TusException;
import me.desair.tus.server.util.TusServletRequest;
import me.desair.tus.server.util.TusServletResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine, extended by leases. Two methods differ from the library's. {@link #process} takes the upload's lease;
 * if another request holds it, only after all checks that need no lease. {@link #processTusException} writes the
 * problem document and never truncates stored bytes. The servlet begins the request's {@link TusExchange} before.
 */
final class TusEngine extends TusFileUploadService {

    private static final Logger log = LoggerFactory.getLogger(TusEngine.class);

    private final ChunkAppender appender;
    private final UploadLookup lookup;
    private final TusAudit audit;

    TusEngine(ChunkAppender appender, UploadLookup lookup, TusAudit audit) {
        this.audit = audit;
        this.appender = appender;
        this.lookup = lookup;
    }

    /** Replaces the library's extensions by this server's, then adds the operator's. */
    TusEngine with(Collection<TusExtension> own, Collection<TusExtension> added) {
        // Disabled first: an extension that is only replaced would keep its place in the order.
        List.of("creation", "checksum", "termination", "expiration", "concatenation")
                .forEach(this::disableTusExtension);
        own.forEach(this::addTusExtension);
        added.forEach(this::addTusExtension);
        return this;
    }

    @Override
    public void process(HttpServletRequest request, HttpServletResponse response, String owner) throws IOException {
        TusServletRequest tusRequest = new TusServletRequest(request);
        TusServletResponse tusResponse = new TusServletResponse(response);
        HttpMethod method = HttpMethod.getMethodIfSupported(request, getSupportedHttpMethods());
        try {
            prepare(TusExchange.current(), method, tusRequest);
            processLockedRequest(method, tusRequest, tusResponse, owner);
        } catch (TusException e) {
            processTusException(method, tusRequest, tusResponse, owner, e);
        } catch (IOException | RuntimeException e) {
            processTusException(method, tusRequest, tusResponse, owner, problem(request, e));
        }
    }

    private void prepare(TusExchange exchange, @Nullable HttpMethod method, TusServletRequest request)
            throws IOException, TusException {
        if (method == HttpMethod.PATCH && takeFreeLease(exchange)) {
            return;
        }
        lookUp(exchange, method);
        if (method == HttpMethod.PATCH) {
            UploadId id = target(exchange);
            if (exchange.upload() == null) {
                // The answer is the same whether a holder writes or not: a stranger must not learn that one does.
                throw new UploadNotFoundException(id);
            }
            // A holder writes: every check that needs no lease is made before the holder is asked to let go.
            validateRequest(method, request, exchange.caller().owner());
            exchange.attach(appender.open(exchange.caller(), id));
        }
    }

    /** The usual PATCH: no request holds the lease, so the row is read once and no holder is stopped. */
    private boolean takeFreeLease(TusExchange exchange) {
        UploadId id = exchange.target();
        Optional<AppendSession> session = id == null ? Optional.empty() : appender.openIfFree(exchange.caller(), id);
        session.ifPresent(exchange::attach);
        return session.isPresent();
    }

    private void lookUp(TusExchange exchange, @Nullable HttpMethod method) {
        UploadId id = exchange.target();
        if (id == null || method == null || method == HttpMethod.OPTIONS) {
            return;
        }
        Caller caller = exchange.caller();
        Optional<Upload> found = method == HttpMethod.HEAD ? lookup.findCurrent(caller, id) : lookup.find(caller, id);
        exchange.updateSnapshot(found.orElse(null));
    }

    private static UploadId target(TusExchange exchange) {
        UploadId id = exchange.target();
        if (id == null) {
            throw new IllegalStateException("A PATCH without an upload passed the checks");
        }
        return id;
    }

    private static TusProblem problem(HttpServletRequest request, Exception failure) {
        if (failure instanceof BodyInterruptedException) {
            ContainerAnswer.takeBack(request);
        }
        TusProblem problem = ErrorMapper.problem(request.getMethod(), failure);
        if (isOurs(problem)) {
            log.error(
                    "request.failed upload={} method={} uri={}",
                    UploadPath.idOf(request),
                    request.getMethod(),
                    UploadPath.shown(request),
                    failure);
        }
        return problem;
    }

    private static boolean isOurs(TusProblem problem) {
        return problem.error() == HttpError.INTERNAL || problem.error() == TusError.STORAGE_DAMAGED;
    }

    @Override
    protected void processTusException(
            @Nullable HttpMethod method,
            TusServletRequest request,
            TusServletResponse response,
            String owner,
            TusException exception)
            throws IOException {
        TusProblem problem =
                TusGate.toCaller(TusExchange.current().caller(), ErrorMapper.problem(request.getMethod(), exception));
        if (!isOurs(problem)) {
            log.debug(
                    "request.refused upload={} method={} uri={} code={}",
                    UploadPath.idOf(request),
                    request.getMethod(),
                    UploadPath.shown(request),
                    problem.error());
        }
        audit.refused(request, problem);
        if (response.isCommitted()) {
            return;
        }
        // The library's error path runs on, so that the operator's extensions are told of the failure.
        ProblemResponse answer =
                new ProblemResponse(response, problem, !request.getMethod().equals("HEAD"));
        super.processTusException(method, request, new TusServletResponse(answer), owner, problem);
    }
}
