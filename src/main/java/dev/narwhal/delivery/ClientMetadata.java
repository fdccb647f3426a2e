package dev.narwhal.delivery;

import dev.narwhal.upload.UploadMetadata;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a delivery reads from the client's metadata. A value that is invalid counts as absent. */
final class ClientMetadata {

    private ClientMetadata() {}

    /**
     * The SHA-256 of the whole file that the client has declared, in 64 lower-case hexadecimal digits; empty without a
     * declaration.
     */
    static Optional<String> sha256(@Nullable String header) {
        String value = value(header, UploadMetadata.SHA256);
        return UploadMetadata.isSha256(value) ? Optional.of(value.toLowerCase(Locale.ROOT)) : Optional.empty();
    }

    /** Empty when the header does not have the key. */
    static String value(@Nullable String header, String key) {
        return UploadMetadata.of(header).value(key);
    }

    /** The values of the keys that have one, in the order of {@code keys}. */
    static Map<String, String> values(@Nullable String header, List<String> keys) {
        UploadMetadata all = UploadMetadata.of(header);
        Map<String, String> values = new LinkedHashMap<>();
        for (String key : keys) {
            String value = all.value(key);
            if (!value.isEmpty()) {
                values.put(key, value);
            }
        }
        return values;
    }
}
