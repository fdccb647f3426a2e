package dev.narwhal.protocol.tus;

import dev.narwhal.upload.UploadMetadata;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The Upload-Metadata header (tus 1.0.0, "Creation"; T72 to T82): pairs of a key and a Base64 value, separated by
 * commas, in order. Spaces around commas are tolerated, because older TUSKit versions send them.
 */
record MetadataHeader(Map<String, String> pairs) {

    private static final int MOST_QUOTED = 40;

    /** @throws TusProblem with a sentence that says which pair is wrong */
    static MetadataHeader parse(String header) throws TusProblem {
        Map<String, String> pairs = new LinkedHashMap<>();
        if (!header.isBlank()) {
            for (String pair : header.split(",", -1)) {
                addPair(pairs, pair.strip());
            }
        }
        return new MetadataHeader(Collections.unmodifiableMap(pairs));
    }

    private static void addPair(Map<String, String> pairs, String pair) throws TusProblem {
        int blank = pair.indexOf(' ');
        String key = blank < 0 ? pair : pair.substring(0, blank);
        String value = blank < 0 ? "" : pair.substring(blank + 1).strip();
        if (key.isEmpty()) {
            throw invalid("has an empty key");
        }
        if (!key.chars().allMatch(c -> c > ' ' && c != 0x7f)) {
            throw invalid("has a key with a control character");
        }
        String decoded = decode(key, value);
        if (key.equals(UploadMetadata.SHA256) && !UploadMetadata.isSha256(decoded)) {
            throw invalid("has under the key 'sha256' something else than the 64 hexadecimal digits of a SHA-256");
        }
        if (pairs.put(key, decoded) != null) {
            throw invalid("has the key " + quoted(key) + " twice");
        }
    }

    private static String decode(String key, String value) throws TusProblem {
        try {
            return new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw invalid("has a value that is not Base64, under the key " + quoted(key));
        }
    }

    private static TusProblem invalid(String what) {
        return new TusProblem(TusError.INVALID_METADATA, "Upload-Metadata " + what + ".");
    }

    private static String quoted(String key) {
        String safe = key.replaceAll("[^\\x21-\\x7e]|[\"\\\\]", "?");
        return "'" + (safe.length() > MOST_QUOTED ? safe.substring(0, MOST_QUOTED) + "..." : safe) + "'";
    }

    Optional<String> filename() {
        return new UploadMetadata(pairs).filename();
    }

    Optional<String> contentType() {
        return new UploadMetadata(pairs).contentType();
    }
}
