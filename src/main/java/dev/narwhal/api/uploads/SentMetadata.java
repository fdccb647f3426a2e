package dev.narwhal.api.uploads;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Decodes an Upload-Metadata header (tus 1.0.0, "Creation") that the server has validated at the creation. */
final class SentMetadata {

    private SentMetadata() {}

    /** The pairs in their order; a value that is not Base64 is empty. */
    static Map<String, String> decode(@Nullable String header) {
        Map<String, String> pairs = new LinkedHashMap<>();
        if (header == null || header.isBlank()) {
            return pairs;
        }
        for (String pair : header.split(",", -1)) {
            String[] keyAndValue = pair.strip().split(" +", 2);
            pairs.put(keyAndValue[0], keyAndValue.length == 2 ? text(keyAndValue[1]) : "");
        }
        return pairs;
    }

    private static String text(String base64) {
        try {
            return new String(Base64.getDecoder().decode(base64.strip()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
