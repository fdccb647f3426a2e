package dev.narwhal.protocol.tus;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import me.desair.tus.server.HttpHeader;
import me.desair.tus.server.HttpMethod;
import me.desair.tus.server.RequestHandler;
import me.desair.tus.server.RequestValidator;
import me.desair.tus.server.core.CoreDefaultResponseHeadersHandler;
import me.desair.tus.server.core.CoreHeadRequestHandler;
import me.desair.tus.server.core.CoreOptionsRequestHandler;
import me.desair.tus.server.core.CoreProtocol;
import me.desair.tus.server.core.validation.HttpMethodValidator;
import me.desair.tus.server.core.validation.IdExistsValidator;
import me.desair.tus.server.exception.TusException;
import me.desair.tus.server.upload.UploadInfo;
import me.desair.tus.server.upload.UploadStorageService;
import me.desair.tus.server.util.TusServletRequest;
import me.desair.tus.server.util.TusServletResponse;

/**
 * tus 1.0.0 "Core Protocol". The length that a PATCH declares is applied here, before its body, so that the body is
 * bounded by it (T89).
 *
 * <p>The engine's base class fills its lists from its own constructor: what the checks need must be handed to them later,
 * so each check reads its field when a request comes.
 */
final class CoreExtension extends CoreProtocol {

    private final TusRules rules;
    private final ReprDigest digest;

    CoreExtension(TusRules rules, ReprDigest digest) {
        this.rules = rules;
        this.digest = digest;
    }

    @Override
    protected void initValidators(List<RequestValidator> validators) {
        validators.add(new HttpMethodValidator());
        validators.add(Check.onEachBut(HttpMethod.OPTIONS, (request, exchange) -> TusRules.requireVersion(request)));
        validators.add(new IdExistsValidator());
        validators.add(Check.on(HttpMethod.PATCH, (request, exchange) -> rules.checkPatch(request, exchange)));
    }

    @Override
    protected void initRequestHandlers(List<RequestHandler> handlers) {
        handlers.add(new CoreDefaultResponseHeadersHandler());
        handlers.add(new CoreHeadRequestHandler());
        handlers.add(Step.on(HttpMethod.HEAD, CoreExtension::succeed));
        handlers.add(Step.on(HttpMethod.HEAD, (request, response, storage, owner) -> digest.tell(response)));
        handlers.add(Step.on(HttpMethod.PATCH, CoreExtension::declareLengthBeforeTheBody));
        handlers.add(Step.on(HttpMethod.PATCH, CoreExtension::append));
        handlers.add(Step.on(HttpMethod.PATCH, CoreExtension::declareLength));
        handlers.add(new CoreOptionsRequestHandler());
    }

    /** T20: the stock handler before this one says 204, which go-tus, tusgo and tus-php take for a failure. */
    private static void succeed(
            TusServletRequest request, TusServletResponse response, UploadStorageService storage, String owner) {
        response.setStatus(HttpServletResponse.SC_OK);
    }

    /**
     * A length that by itself finishes the upload waits for the verification of a body that has a checksum, although no
     * byte of it can count: what is answered 460 must not start a delivery.
     */
    private static void declareLengthBeforeTheBody(
            TusServletRequest request, TusServletResponse response, UploadStorageService storage, String owner)
            throws IOException, TusException {
        boolean finishes = Objects.equals(TusHeaders.length(request), TusHeaders.offset(request));
        if (!finishes || !RequestChecksum.of(request).isRequired()) {
            declareLength(request, response, storage, owner);
        }
    }

    private static void declareLength(
            TusServletRequest request, TusServletResponse response, UploadStorageService storage, String owner)
            throws IOException, TusException {
        Long declared = TusHeaders.length(request);
        UploadInfo info = storage.getUploadInfo(request.getRequestURI(), owner);
        if (declared != null && info != null && !info.hasLength()) {
            info.setLength(declared);
            storage.update(info);
        }
    }

    private static void append(
            TusServletRequest request, TusServletResponse response, UploadStorageService storage, String owner)
            throws IOException, TusException {
        UploadInfo info = storage.getUploadInfo(request.getRequestURI(), owner);
        UploadInfo after = storage.append(Objects.requireNonNull(info), request.getInputStream());
        response.setHeader(HttpHeader.UPLOAD_OFFSET, String.valueOf(after.getOffset()));
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
    }
}
