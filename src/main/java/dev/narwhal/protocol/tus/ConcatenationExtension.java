package dev.narwhal.protocol.tus;

import dev.narwhal.ingest.PartialUnusableException;
import dev.narwhal.upload.UploadId;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import me.desair.tus.server.HttpHeader;
import me.desair.tus.server.HttpMethod;
import me.desair.tus.server.RequestHandler;
import me.desair.tus.server.RequestValidator;
import me.desair.tus.server.concatenation.ConcatenationOptionsRequestHandler;
import me.desair.tus.server.exception.TusException;
import me.desair.tus.server.upload.UploadInfo;
import me.desair.tus.server.upload.UploadStorageService;
import me.desair.tus.server.upload.UploadType;
import me.desair.tus.server.util.TusServletRequest;
import me.desair.tus.server.util.TusServletResponse;

/**
 * tus 1.0.0 "Concatenation", with finals of partials that are not finished yet. The {@link CreationExtension} creates
 * partials, like any upload with bytes. This extension creates finals, and adds the headers of partials and finals to
 * HEAD.
 *
 * <p>The {@link CoreExtension} refuses a PATCH of a final, because that check comes before all others.
 */
final class ConcatenationExtension extends me.desair.tus.server.concatenation.ConcatenationExtension {

    private final PartialUrls partials;
    private final TusLimits limits;
    private final UploadLocation location;
    private final RepeatedCreation repeated;

    ConcatenationExtension(PartialUrls partials, TusLimits limits, UploadLocation location, RepeatedCreation repeated) {
        this.repeated = repeated;
        this.partials = partials;
        this.limits = limits;
        this.location = location;
    }

    @Override
    protected void initValidators(List<RequestValidator> validators) {
        validators.add(MethodValidator.on(HttpMethod.POST, (request, exchange) -> checkFinal(request)));
    }

    @Override
    protected void initRequestHandlers(List<RequestHandler> handlers) {
        handlers.add(new ConcatenationOptionsRequestHandler());
        handlers.add(MethodHandler.on(HttpMethod.HEAD, ConcatenationExtension::addConcatHeaders));
        handlers.add(MethodHandler.on(HttpMethod.POST, this::create));
    }

    /** T149, T151, T159, T102: the checks that need no row. */
    private void checkFinal(HttpServletRequest request) throws TusProblem {
        ConcatHeader concat = ConcatHeader.of(request);
        if (!concat.isFinal()) {
            return;
        }
        if (TusHeaders.has(request, HttpHeader.UPLOAD_LENGTH)
                || TusHeaders.has(request, HttpHeader.UPLOAD_DEFER_LENGTH)) {
            throw new TusProblem(TusError.FINAL_WITH_LENGTH);
        }
        if (RequestBody.announced(request) > 0) {
            throw new TusProblem(TusError.FINAL_WITH_BODY);
        }
        limits.requirePartials(concat.urls().size());
        var unused = ids(concat);
    }

    /** The answer to a URL of another server is that to an unknown upload. */
    private List<UploadId> ids(ConcatHeader concat) throws TusProblem {
        List<UploadId> ids = new ArrayList<>();
        for (String url : concat.urls()) {
            int position = ids.size() + 1;
            ids.add(partials.idOf(url)
                    .orElseThrow(() -> ErrorMapper.unusable(PartialUnusableException.Reason.NOT_FOUND, position)));
        }
        return ids;
    }

    private void create(
            TusServletRequest request, TusServletResponse response, UploadStorageService storage, String owner)
            throws IOException, TusException {
        ConcatHeader concat = ConcatHeader.of(request);
        if (!concat.isFinal()) {
            return;
        }
        refuseBody(request);
        repeated.once(request, response, () -> create(request, response, storage, owner, concat));
    }

    private void create(
            TusServletRequest request,
            TusServletResponse response,
            UploadStorageService storage,
            String owner,
            ConcatHeader concat)
            throws IOException, TusException {
        EngineUploadInfo wanted = new EngineUploadInfo();
        wanted.setUploadType(UploadType.CONCATENATED);
        wanted.setUploadConcatHeaderValue(UploadPath.plain(Objects.requireNonNull(concat.value())));
        wanted.setConcatenationPartIds(ids(concat).stream().map(UploadId::value).toList());
        wanted.setEncodedMetadata(CreationExtension.metadata(request));
        UploadInfo created = storage.create(wanted, owner);
        response.setHeader(
                HttpHeader.LOCATION, location.of(request, created.getId().toString()));
        if (!created.isUploadInProgress()) {
            response.setHeader(HttpHeader.UPLOAD_OFFSET, String.valueOf(created.getOffset()));
        }
        response.setStatus(HttpServletResponse.SC_CREATED);
    }

    /** A body without a length may be empty, as over HTTP/2: only a read shows whether it has a byte. */
    private static void refuseBody(HttpServletRequest request) throws IOException, TusProblem {
        if (RequestBody.announced(request) != 0 && new RequestBody(request).read(ByteBuffer.allocate(1)) > 0) {
            throw new TusProblem(TusError.FINAL_WITH_BODY);
        }
    }

    /**
     * T144, T154, T155, T161. The engine's own handlers, which run before, do not set a final's length and offset.
     */
    private static void addConcatHeaders(
            TusServletRequest request, TusServletResponse response, UploadStorageService storage, String owner)
            throws IOException, TusException {
        UploadInfo info = storage.getUploadInfo(request.getRequestURI(), owner);
        if (info == null || info.getUploadConcatHeaderValue() == null) {
            return;
        }
        response.setHeader(HttpHeader.UPLOAD_CONCAT, info.getUploadConcatHeaderValue());
        if (info.getUploadType() != UploadType.CONCATENATED) {
            return;
        }
        if (info.hasLength()) {
            response.setHeader(HttpHeader.UPLOAD_LENGTH, Objects.toString(info.getLength()));
        } else {
            response.setHeader(HttpHeader.UPLOAD_DEFER_LENGTH, "1");
        }
        if (!info.isUploadInProgress()) {
            response.setHeader(HttpHeader.UPLOAD_OFFSET, String.valueOf(info.getOffset()));
        }
    }
}
