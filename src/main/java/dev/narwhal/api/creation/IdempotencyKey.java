package dev.narwhal.api.creation;

import dev.narwhal.access.Caller;
import dev.narwhal.api.ApiError;
import dev.narwhal.api.ApiProblem;
import dev.narwhal.ingest.CreationKeyReusedException;
import dev.narwhal.ingest.CreationKeys;
import dev.narwhal.upload.CreationKey;
import dev.narwhal.upload.Upload;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The key by which a client's repetition of a creation finds the upload, as on the tus path. */
final class IdempotencyKey {

    private static final String HEADER = "Idempotency-Key";

    private IdempotencyKey() {}

    /** Null for a request without one. */
    static @Nullable CreationKey of(HttpServletRequest request, Caller caller, Object asked) {
        String sent = request.getHeader(HEADER);
        if (sent == null) {
            return null;
        }
        if (!CreationKeys.isValid(sent)) {
            throw new ApiProblem(
                    ApiError.INVALID_PARAMETER, HEADER + " must have 1 to 255 printable characters of ASCII.");
        }
        return CreationKeys.ofClient(caller, sent, asked.toString());
    }

    /** The upload that the creation has made before; empty also for one without a key. */
    static Optional<Upload> find(CreationKeys keys, Caller caller, @Nullable CreationKey key) {
        try {
            return key == null ? Optional.empty() : keys.find(caller, key);
        } catch (CreationKeyReusedException e) {
            throw new ApiProblem(ApiError.IDEMPOTENCY_KEY_REUSED);
        }
    }
}
