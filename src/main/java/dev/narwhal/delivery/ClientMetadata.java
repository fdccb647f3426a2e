package dev.narwhal.delivery;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Values out of an Upload-Metadata header (tus 1.0.0, "Creation"): pairs separated by commas, each a key, a space and the
 * value in base64. The header was checked when it came; what is wrong nevertheless counts as absent.
 */
final class ClientMetadata {

    private ClientMetadata() {}

    /** Empty when there is no such key. */
    static String value(@Nullable String header, String key) {
        return values(header, List.of(key)).getOrDefault(key, "");
    }

    /** Those of the keys that have a value, in the order of {@code keys}. */
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
