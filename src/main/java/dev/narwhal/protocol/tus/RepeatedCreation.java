package dev.narwhal.protocol.tus;

import dev.narwhal.access.AccessRefusedException;
import dev.narwhal.access.Caller;
import dev.narwhal.access.UploadUrls;
import dev.narwhal.ingest.CreationKeys;
import dev.narwhal.ingest.CreationRepeatedException;
import dev.narwhal.upload.CreationKey;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadKind;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import me.desair.tus.server.HttpHeader;
import me.desair.tus.server.exception.TusException;
import me.desair.tus.server.util.TusServletRequest;
import me.desair.tus.server.util.TusServletResponse;
import org.jspecify.annotations.Nullable;

/**
 * Recognises a creation that a client repeats because the answer was lost: by Idempotency-Key (as in the IETF's draft of that
 * name), and a final by what it is made of. Stock clients send no key, and would deliver the same file twice.
 */
final class RepeatedCreation {

    private static final String HEADER = "Idempotency-Key";
    private final CreationKeys keys;
    private final UploadLocation location;
    private final UploadUrls urls;

    RepeatedCreation(CreationKeys keys, UploadLocation location, UploadUrls urls) {
        this.urls = urls;
        this.keys = keys;
        this.location = location;
    }

    /** Makes an upload. */
    interface Creation {
        void run() throws IOException, TusException;
    }

    /** Runs the creation, or answers as after the earlier one that it repeats: a body of the repetition is not read. */
    void once(TusServletRequest request, TusServletResponse response, Creation creation)
            throws IOException, TusException {
        TusExchange exchange = TusExchange.current();
        CreationKey key = keyOf(request, exchange.caller());
        if (answered(request, response, key)) {
            return;
        }
        requireBeginning(exchange.request());
        exchange.nameCreation(key);
        try {
            creation.run();
        } catch (CreationRepeatedException e) {
            if (!answered(request, response, key)) {
                throw e;
            }
        }
    }

    private void requireBeginning(HttpServletRequest request) throws TusProblem {
        String token = UploadPath.of(request).map(UploadPath::token).orElse(null);
        try {
            if (token != null) {
                urls.requireBeginning(token);
            }
        } catch (AccessRefusedException e) {
            throw new TusProblem(e.error());
        }
    }

    private boolean answered(TusServletRequest request, TusServletResponse response, @Nullable CreationKey key) {
        TusExchange exchange = TusExchange.current();
        Upload made = key == null ? null : keys.find(exchange.caller(), key).orElse(null);
        if (made == null) {
            return false;
        }
        exchange.updateSnapshot(made);
        response.setHeader(HttpHeader.LOCATION, location.of(request, made.id().value()));
        if (made.kind() != UploadKind.FINAL || made.state().isComplete()) {
            response.setHeader(HttpHeader.UPLOAD_OFFSET, String.valueOf(made.offset()));
        }
        response.setStatus(HttpServletResponse.SC_CREATED);
        return true;
    }

    /** The key of a creation; null for one without. */
    private static @Nullable CreationKey keyOf(HttpServletRequest request, Caller caller) throws TusProblem {
        String sent = TusHeaders.single(request, HEADER);
        if (sent != null && !CreationKeys.isValid(sent)) {
            throw new TusProblem(TusError.INVALID_IDEMPOTENCY_KEY);
        }
        if (sent != null) {
            return CreationKeys.ofClient(caller, sent, asked(request));
        }
        return ConcatHeader.of(request).isFinal() ? CreationKeys.ofFinal(caller, asked(request)) : null;
    }

    /** Without the tokens of upload URLs: a final may name its partials by either URL. */
    private static String asked(HttpServletRequest request) throws TusProblem {
        StringBuilder asked = new StringBuilder();
        for (String header : new String[] {
            HttpHeader.UPLOAD_LENGTH,
            HttpHeader.UPLOAD_DEFER_LENGTH,
            HttpHeader.UPLOAD_METADATA,
            HttpHeader.UPLOAD_CONCAT
        }) {
            String value = TusHeaders.single(request, header);
            asked.append(value == null ? "" : UploadPath.plain(value)).append('\n');
        }
        return asked.toString();
    }
}
