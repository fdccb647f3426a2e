package dev.narwhal.protocol.tus;

import java.util.List;
import me.desair.tus.server.HttpHeader;
import me.desair.tus.server.HttpMethod;
import me.desair.tus.server.RequestHandler;
import me.desair.tus.server.RequestValidator;
import me.desair.tus.server.upload.UploadStorageService;
import me.desair.tus.server.util.AbstractExtensionRequestHandler;
import me.desair.tus.server.util.TusServletRequest;
import me.desair.tus.server.util.TusServletResponse;

/**
 * tus 1.0.0 "Checksum", with trailers. This extension refuses a wrong header before the body is read.
 * {@link dev.narwhal.ingest.AppendSession} verifies the body before it records any of its bytes.
 */
final class ChecksumExtension extends me.desair.tus.server.checksum.ChecksumExtension {

    @Override
    protected void initValidators(List<RequestValidator> validators) {
        validators.add(MethodValidator.on(HttpMethod.PATCH, (request, exchange) -> RequestChecksum.of(request)));
        validators.add(MethodValidator.on(HttpMethod.POST, (request, exchange) -> RequestChecksum.of(request)));
    }

    @Override
    protected void initRequestHandlers(List<RequestHandler> handlers) {
        handlers.add(new ChecksumOptions());
    }

    private static final class ChecksumOptions extends AbstractExtensionRequestHandler {

        @Override
        public void process(
                HttpMethod method,
                TusServletRequest request,
                TusServletResponse response,
                UploadStorageService storage,
                String owner) {
            super.process(method, request, response, storage, owner);
            response.setHeader(HttpHeader.TUS_CHECKSUM_ALGORITHM, ChecksumHeader.algorithms());
        }

        @Override
        protected void appendExtensions(StringBuilder extensions) {
            addExtension(extensions, "checksum");
            addExtension(extensions, "checksum-trailer");
        }
    }
}
