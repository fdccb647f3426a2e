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
 * tus 1.0.0 "Core Protocol". A PATCH may declare the length. This extension applies it before the body, so that the
 * length limits the body (T89).
 *
 * <p>The engine's base class builds its lists in its own constructor, before this class has set its fields. Therefore
 * each check reads its field only when a request comes.
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
        validators.add(
                MethodValidator.onEachBut(HttpMethod.OPTIONS, (request, exchange) -> TusRules.requireVersion(request)));
        validators.add(new IdExistsValidator());
        validators.add(
                MethodValidator.on(HttpMethod.PATCH, (request, exchange) -> rules.checkPatch(request, exchange)));
    }

    @Override
    protected void initRequestHandlers(List<RequestHandler> handlers) {
        handlers.add(new CoreDefaultResponseHeadersHandler());
        handlers.add(new CoreHeadRequestHandler());
        handlers.add(MethodHandler.on(HttpMethod.HEAD, CoreExtension::answerOk));
        handlers.add(
                MethodHandler.on(HttpMethod.HEAD, (request, response, storage, owner) -> digest.addHeader(response)));
        handlers.add(MethodHandler.on(HttpMethod.PATCH, CoreExtension::declareLengthBeforeTheBody));
        handlers.add(MethodHandler.on(HttpMethod.PATCH, CoreExtension::append));
        handlers.add(MethodHandler.on(HttpMethod.PATCH, CoreExtension::declareLength));
        handlers.add(new CoreOptionsRequestHandler());
    }

    /**
     * T20: the engine's own handler, which runs before, sets 204, which go-tus, tusgo and tus-php take for a failure.
     */
    private static void answerOk(
            TusServletRequest request, TusServletResponse response, UploadStorageService storage, String owner) {
        response.setStatus(HttpServletResponse.SC_OK);
    }

    /**
     * Declares the length before the body. If the length alone would finish the upload and the body has a checksum,
     * the length is declared only after the verification: a request answered 460 must not start a delivery.
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
