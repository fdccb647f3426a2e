package dev.narwhal.delivery;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads values from an Upload-Metadata header (tus 1.0.0, "Creation"): pairs separated by commas, each a key, a space and the
 * value in base64. The server has validated the header at the creation. A value that is invalid nevertheless counts as absent.
 */
final class ClientMetadata {

    /** The key under which a client declares the SHA-256 of the whole file. */
    static final String SHA256 = "sha256";

    private static final Pattern SHA256_DIGITS = Pattern.compile("[0-9a-fA-F]{64}");

    private ClientMetadata() {}

    /**
     * The SHA-256 of the whole file that the client has declared, in 64 lower-case hexadecimal digits; empty without a
     * declaration.
     */
    static Optional<String> sha256(@Nullable String header) {
        String value = value(header, SHA256);
        return SHA256_DIGITS.matcher(value).matches() ? Optional.of(value.toLowerCase(Locale.ROOT)) : Optional.empty();
    }

    /** Empty when the header does not have the key. */
    static String value(@Nullable String header, String key) {
        return values(header, List.of(key)).getOrDefault(key, "");
    }

    /** The values of the keys that have one, in the order of {@code keys}. */
    static Map<String, String> values(@Nullable String header, List<String> keys) {
        Map<String, String> all = new LinkedHashMap<>();
        for (String pair : header == null ? new String[0] : header.split(",")) {
            String[] keyAndValue = pair.strip().split(" +", 2);
            all.put(keyAndValue[0], keyAndValue.length == 2 ? decode(keyAndValue[1]) : "");
        }
        Map<String, String> values = new LinkedHashMap<>();
        for (String key : keys) {
            String value = all.getOrDefault(key, "");
            if (!value.isEmpty()) {
                values.put(key, value);
            }
        }
        return values;
    }

    private static String decode(String base64) {
        try {
            return new String(Base64.getDecoder().decode(base64.strip()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
