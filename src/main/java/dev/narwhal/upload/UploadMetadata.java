package dev.narwhal.upload;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The values of an Upload-Metadata header (tus 1.0.0, "Creation"): pairs separated by commas, each a key, a blank and the value
 * in Base64. The header was validated at the creation.
 *
 * @param pairs in their order; a value that is not Base64 is empty
 */
public record UploadMetadata(Map<String, String> pairs) {

    /** The key under which a client states the SHA-256 of the whole file. */
    public static final String SHA256 = "sha256";

    private static final Pattern SHA256_DIGITS = Pattern.compile("[0-9a-fA-F]{64}");

    /** The file name's keys: of nearly all clients, of Uppy, of older TUSKit versions. */
    private static final List<String> NAME_KEYS = List.of("filename", "name", "fileName");

    private static final List<String> TYPE_KEYS = List.of("filetype", "type", "mimetype", "contentType");

    /** @param header null for none */
    public static UploadMetadata of(@Nullable String header) {
        Map<String, String> pairs = new LinkedHashMap<>();
        if (header != null && !header.isBlank()) {
            for (String pair : header.split(",", -1)) {
                String[] keyAndValue = pair.strip().split(" +", 2);
                pairs.put(keyAndValue[0], keyAndValue.length == 2 ? decode(keyAndValue[1]) : "");
            }
        }
        return new UploadMetadata(pairs);
    }

    private static String decode(String base64) {
        try {
            return new String(Base64.getDecoder().decode(base64.strip()), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /** The header; null when there are no pairs. */
    public @Nullable String header() {
        return pairs.isEmpty()
                ? null
                : pairs.entrySet().stream()
                        .map(pair -> pair.getKey() + " " + encode(pair.getValue()))
                        .map(String::strip)
                        .collect(Collectors.joining(","));
    }

    private static String encode(String value) {
        return Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8));
    }

    public Optional<String> filename() {
        return first(NAME_KEYS);
    }

    public Optional<String> contentType() {
        return first(TYPE_KEYS);
    }

    private Optional<String> first(List<String> keys) {
        return keys.stream().map(this::value).filter(value -> !value.isBlank()).findFirst();
    }

    /** Empty without the key. */
    public String value(String key) {
        return pairs.getOrDefault(key, "");
    }

    /** True for the 64 hexadecimal digits of a SHA-256. */
    public static boolean isSha256(String value) {
        return SHA256_DIGITS.matcher(value).matches();
    }
}
