package dev.narwhal.delivery;

import dev.narwhal.upload.Upload;
import java.util.Arrays;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Sends matching uploads to a named destination. An upload matches when all patterns of the rule match; the first matching rule
 * decides. In a pattern {@code *} stands for any text, including none; every other character stands for itself.
 *
 * @param destination a name below {@code narwhal.destinations}, or {@code default}
 * @param owner pattern for the upload's owner; null for any
 * @param metadata patterns for values of the client's Upload-Metadata, by their keys; a missing key has the empty value
 */
public record DeliveryRule(
        @DefaultValue("") String destination,
        @Nullable String owner,
        @DefaultValue Map<String, String> metadata) {

    public DeliveryRule {
        metadata = Map.copyOf(metadata);
        if (destination.isBlank()) {
            throw new IllegalArgumentException(
                    "narwhal.delivery.rules: a rule has no destination; it must name one of narwhal.destinations");
        }
        if (owner == null && metadata.isEmpty()) {
            throw new IllegalArgumentException("narwhal.delivery.rules: the rule for '" + destination
                    + "' fits every upload; it must have an owner or metadata to look at");
        }
    }

    boolean fits(Upload upload) {
        return (owner == null || matches(owner, upload.owner()))
                && metadata.entrySet().stream()
                        .allMatch(entry ->
                                matches(entry.getValue(), ClientMetadata.value(upload.metadata(), entry.getKey())));
    }

    private static boolean matches(String pattern, String value) {
        String regex =
                Arrays.stream(pattern.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
        return Pattern.compile(regex, Pattern.DOTALL).matcher(value).matches();
    }
}
