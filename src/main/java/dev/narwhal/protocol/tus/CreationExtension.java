package dev.narwhal.protocol.tus;

import dev.narwhal.http.ContainerAnswer;
import dev.narwhal.ingest.BodyTooLargeException;
import dev.narwhal.ingest.EmptyBody;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import me.desair.tus.server.HttpHeader;
import me.desair.tus.server.HttpMethod;
import me.desair.tus.server.RequestHandler;
import me.desair.tus.server.RequestValidator;
import me.desair.tus.server.creation.CreationHeadRequestHandler;
import me.desair.tus.server.creation.CreationOptionsRequestHandler;
import me.desair.tus.server.exception.TusException;
import me.desair.tus.server.upload.UploadInfo;
import me.desair.tus.server.upload.UploadStorageService;
import me.desair.tus.server.util.TusServletRequest;
import me.desair.tus.server.util.TusServletResponse;
import org.jspecify.annotations.Nullable;

/** tus 1.0.0 "Creation" and "Creation With Upload", including the creation of an upload with a deferred length. */
final class CreationExtension extends me.desair.tus.server.creation.CreationExtension {

    private final TusRules rules;
    private final UploadLocation location;
    private final RepeatedCreation repeated;

    CreationExtension(TusRules rules, UploadLocation location, RepeatedCreation repeated) {
        this.rules = rules;
        this.repeated = repeated;
        this.location = location;
    }

    @Override
    protected void initValidators(List<RequestValidator> validators) {
        validators.add(MethodValidator.on(
                HttpMethod.POST,
                (request, exchange) ->
                        rules.checkCreation(request, exchange.caller().creation())));
    }

    @Override
    protected void initRequestHandlers(List<RequestHandler> handlers) {
        handlers.add(new CreationHeadRequestHandler());
        handlers.add(MethodHandler.on(HttpMethod.POST, this::create));
        handlers.add(new CreationWithUploadOptions());
    }

    private void create(
            TusServletRequest request, TusServletResponse response, UploadStorageService storage, String owner)
            throws IOException, TusException {
        ConcatHeader concat = ConcatHeader.of(request);
        if (concat.isFinal() || !mayBringBytes(request)) {
            verifyEmptyBody(request);
        }
        if (concat.isFinal()) {
            // The ConcatenationExtension creates finals.
            return;
        }
        repeated.once(request, response, () -> create(request, response, storage, owner, concat));
    }

    private void create(
            TusServletRequest request,
            TusServletResponse response,
            UploadStorageService storage,
            String owner,
            ConcatHeader concat)
            throws IOException, TusException {
        TusExchange exchange = TusExchange.current();
        exchange.expectBody(bringsBody(request));
        UploadInfo created = storage.create(wanted(request, concat), owner);
        // Before the body, since the container takes no more headers once the body is cut: a failure's answer has it,
        // too.
        response.setHeader(
                HttpHeader.LOCATION, location.of(request, created.getId().toString()));
        try {
            long offset = exchange.expectsBody()
                    ? storage.append(created, request.getInputStream()).getOffset()
                    : 0;
            response.setHeader(HttpHeader.UPLOAD_OFFSET, String.valueOf(offset));
            response.setStatus(HttpServletResponse.SC_CREATED);
        } finally {
            if (!exchange.isUploadThere()) {
                ContainerAnswer.takeBack(exchange.request());
                response.setHeader(HttpHeader.LOCATION, null);
            }
        }
    }

    private static UploadInfo wanted(TusServletRequest request, ConcatHeader concat) throws TusProblem {
        EngineUploadInfo info = new EngineUploadInfo();
        info.setLength(TusHeaders.length(request));
        info.setEncodedMetadata(metadata(request));
        info.setUploadType(EngineUploadInfo.typeOf(concat.kind()));
        info.setUploadConcatHeaderValue(concat.value());
        return info;
    }

    /**
     * HEAD returns the value exactly as sent (T25), unless an upload URL fixes some of it; an empty header counts as none
     * (T80).
     */
    static @Nullable String metadata(TusServletRequest request) throws TusProblem {
        String header = TusHeaders.single(request, HttpHeader.UPLOAD_METADATA);
        return TusExchange.current().caller().creation().merge(header == null || header.isEmpty() ? null : header);
    }

    /**
     * True unless there are surely no bytes to append: a body of another type is ignored (T70), and an upload of 0
     * bytes is finished at its creation.
     */
    private static boolean mayBringBytes(TusServletRequest request) throws TusProblem {
        return bringsBody(request) && !Objects.equals(TusHeaders.length(request), 0L);
    }

    /**
     * Verifies the checksum of a request without bytes to append, before the upload is created: it must be the
     * checksum of an empty body. A body of another type is normally ignored; one with a checksum is refused.
     */
    private static void verifyEmptyBody(TusServletRequest request) throws IOException, TusException {
        HttpServletRequest bare = TusExchange.current().request();
        RequestChecksum checksum = RequestChecksum.of(bare);
        if (!checksum.isRequired()) {
            return;
        }
        try {
            EmptyBody.receive(new RequestBody(bare), 0, checksum);
        } catch (BodyTooLargeException e) {
            throw new TusProblem(
                    TusHeaders.hasOffsetContentType(request) ? TusError.BODY_TOO_LARGE : TusError.WRONG_CONTENT_TYPE);
        }
    }

    /** T106: such a creation holds the lease until the end of its body. */
    private static boolean bringsBody(TusServletRequest request) throws TusProblem {
        return TusHeaders.hasOffsetContentType(request) && RequestBody.announced(request) != 0;
    }

    private static final class CreationWithUploadOptions extends CreationOptionsRequestHandler {
        @Override
        protected void appendExtensions(StringBuilder extensions) {
            super.appendExtensions(extensions);
            addExtension(extensions, "creation-with-upload");
        }
    }
}
