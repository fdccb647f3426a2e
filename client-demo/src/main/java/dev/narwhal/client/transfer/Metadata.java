package dev.narwhal.client.transfer;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The pairs of {@code Upload-Metadata} (tus 1.0.0, creation), in their order. */
public record Metadata(Map<String, String> pairs) {

    public Metadata {
        pairs.keySet().forEach(Metadata::requireKey);
        pairs = Collections.unmodifiableMap(new LinkedHashMap<>(pairs));
    }

    /** The file's name and type; what the caller gives under the same keys wins. */
    public static Metadata of(SourceFile source, Map<String, String> given) {
        Map<String, String> pairs = new LinkedHashMap<>();
        pairs.put("filename", source.name());
        source.contentType().ifPresent(type -> pairs.put("filetype", type));
        pairs.putAll(given);
        return new Metadata(pairs);
    }

    /** The header's value: values are UTF-8 in base64; a pair with an empty value is its key alone. */
    String encoded() {
        return pairs.entrySet().stream()
                .map(pair -> (pair.getKey() + " " + base64(pair.getValue())).strip())
                .collect(Collectors.joining(","));
    }

    private static String base64(String value) {
        return Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
    }

    private static void requireKey(String key) {
        if (key.isEmpty() || !key.chars().allMatch(c -> c > ' ' && c < 0x7f && c != ',')) {
            throw new IllegalArgumentException(
                    "A metadata key is made of visible ASCII characters without a comma, not '" + key + "'");
        }
    }
}
