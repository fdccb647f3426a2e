package dev.narwhal.protocol.tus;

import dev.narwhal.ingest.AppendSession;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadState;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import me.desair.tus.server.HttpHeader;
import me.desair.tus.server.HttpMethod;
import me.desair.tus.server.RequestHandler;
import me.desair.tus.server.RequestValidator;
import me.desair.tus.server.expiration.ExpirationOptionsRequestHandler;
import me.desair.tus.server.upload.UploadStorageService;
import me.desair.tus.server.util.TusServletRequest;
import me.desair.tus.server.util.TusServletResponse;
import org.jspecify.annotations.Nullable;

/**
 * tus 1.0.0 "Expiration": adds Upload-Expires to every answer to a POST or PATCH of an unfinished upload, failures
 * included (T108 to T111). The classes that read the row answer 410 for an expired upload, not this one.
 */
final class ExpirationExtension extends me.desair.tus.server.expiration.ExpirationExtension {

    /** IMF-fixdate (RFC 9110, section 5.6.7); the JDK's own RFC 1123 format has days of one digit. */
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
            .withZone(ZoneOffset.UTC);

    @Override
    protected void initValidators(List<RequestValidator> validators) {
        // No request header concerns expiration.
    }

    @Override
    protected void initRequestHandlers(List<RequestHandler> handlers) {
        handlers.add(new ExpirationOptionsRequestHandler());
        handlers.add(MethodHandler.alwaysOn(HttpMethod.POST, ExpirationExtension::addExpiresHeader));
        handlers.add(MethodHandler.alwaysOn(HttpMethod.PATCH, ExpirationExtension::addExpiresHeader));
    }

    private static void addExpiresHeader(
            TusServletRequest request, TusServletResponse response, UploadStorageService storage, String owner) {
        Optional.ofNullable(known(TusExchange.current()))
                .flatMap(ExpirationExtension::expiry)
                .ifPresent(expiry -> response.setHeader(HttpHeader.UPLOAD_EXPIRES, FORMAT.format(expiry)));
    }

    /**
     * After a failure the session's row is newer than the request's snapshot. Once another request has taken the
     * upload over, the session's row may be outdated.
     */
    private static @Nullable Upload known(TusExchange exchange) {
        AppendSession session = exchange.session();
        if (session == null || exchange.upload() == null) {
            return exchange.upload();
        }
        return session.isCurrent() ? session.upload() : null;
    }

    private static Optional<Instant> expiry(Upload upload) {
        return upload.state() == UploadState.RECEIVING ? Optional.ofNullable(upload.expiresAt()) : Optional.empty();
    }
}
