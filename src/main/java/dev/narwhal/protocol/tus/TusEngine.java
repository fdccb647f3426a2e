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
 * The engine with our lease around it. Two methods differ from the library's: {@link #process} takes the upload's lease
 * with method and request in hand, after everything that needs no lease has been checked; {@link #processTusException}
 * writes our error body and never cuts stored bytes. The request's {@link TusExchange} has begun, with its caller.
 */
final class TusEngine extends TusFileUploadService {

    private static final Logger log = LoggerFactory.getLogger(TusEngine.class);

    private final ChunkAppender appender;
    private final UploadLookup lookup;

    TusEngine(ChunkAppender appender, UploadLookup lookup) {
        this.appender = appender;
        this.lookup = lookup;
    }

    /** Puts our extensions in the place of the stock ones, then adds the user's. */
    TusEngine with(Collection<TusExtension> own, Collection<TusExtension> added) {
        // A stock extension that is only replaced would keep its place in the order.
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
                // As where nobody writes, without a further check: a stranger must not learn that somebody does.
                throw new UploadNotFoundException(id);
            }
            // Somebody writes: whatever can be refused is refused before they are asked to let go.
            validateRequest(method, request, exchange.caller().owner());
            exchange.write(appender.open(exchange.caller(), id));
        }
    }

    /** The usual PATCH: nobody has the upload, so the row is read once, and nobody is stopped. */
    private boolean takeFreeLease(TusExchange exchange) {
        UploadId id = exchange.target();
        Optional<AppendSession> session = id == null ? Optional.empty() : appender.openIfFree(exchange.caller(), id);
        session.ifPresent(exchange::write);
        return session.isPresent();
    }

    private void lookUp(TusExchange exchange, @Nullable HttpMethod method) {
        UploadId id = exchange.target();
        if (id == null || method == null || method == HttpMethod.OPTIONS) {
            return;
        }
        Caller caller = exchange.caller();
        Optional<Upload> found = method == HttpMethod.HEAD ? lookup.findCurrent(caller, id) : lookup.find(caller, id);
        exchange.see(found.orElse(null));
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
                    request.getRequestURI(),
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
        TusProblem problem = ErrorMapper.problem(request.getMethod(), exception);
        if (!isOurs(problem)) {
            log.debug(
                    "request.refused upload={} method={} uri={} code={}",
                    UploadPath.idOf(request),
                    request.getMethod(),
                    request.getRequestURI(),
                    problem.error());
        }
        if (response.isCommitted()) {
            return;
        }
        // The rest of the library's error path stays: extensions of the server's user hear of the failure.
        ProblemResponse answer =
                new ProblemResponse(response, problem, !request.getMethod().equals("HEAD"));
        super.processTusException(method, request, new TusServletResponse(answer), owner, problem);
    }
}
