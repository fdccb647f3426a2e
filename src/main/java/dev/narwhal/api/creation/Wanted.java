package dev.narwhal.api.creation;

import dev.narwhal.access.Caller;
import dev.narwhal.access.OwnerName;
import dev.narwhal.access.Role;
import dev.narwhal.api.ApiError;
import dev.narwhal.api.ApiProblem;
import dev.narwhal.http.HttpError;
import dev.narwhal.upload.UploadMetadata;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks of what a client of the API wants. Each failure names the field. */
final class Wanted {

    /** HEAD returns the whole header. */
    private static final int LONGEST_METADATA = 4096;

    private static final int LONGEST_KEY = 1024;
    private static final Duration LONGEST = Duration.ofDays(3650);

    private Wanted() {}

    /** The owner of what is created: the caller, or for an administrator whom it names. */
    static String owner(@Nullable String named, Caller caller) {
        if (named == null || named.equals(caller.owner())) {
            return caller.owner();
        }
        if (!caller.has(Role.ADMIN)) {
            throw new ApiProblem(HttpError.SCOPE_MISSING, "Only an administrator may name another owner.");
        }
        if (!OwnerName.isUsable(named)) {
            throw invalid("owner", "must have 1 to 200 characters, none of them a control character");
        }
        return named;
    }

    /** The pairs as an Upload-Metadata header has them; null for none. */
    static @Nullable String metadata(@Nullable Map<String, String> pairs) {
        if (pairs == null || pairs.isEmpty()) {
            return null;
        }
        pairs.forEach(Wanted::requirePair);
        String header = new UploadMetadata(pairs).header();
        if (header != null && header.length() > LONGEST_METADATA) {
            throw invalid("metadata", "has more than " + LONGEST_METADATA + " characters in the header's form");
        }
        return header;
    }

    private static void requirePair(String key, @Nullable String value) {
        if (key.isEmpty() || !key.chars().allMatch(c -> c > ' ' && c < 0x7f && c != ',')) {
            throw invalid("metadata", "has a key that is not of ASCII characters without blank and comma");
        }
        if (value == null) {
            throw invalid("metadata", "has a key without a value");
        }
        if (key.equals(UploadMetadata.SHA256) && !UploadMetadata.isSha256(value)) {
            throw invalid("metadata", "has under 'sha256' something else than 64 hexadecimal digits");
        }
    }

    /** An administrator chooses any key; others choose below their own names, so that no owner takes another's. */
    static @Nullable String key(@Nullable String key, Caller caller) {
        if (key == null) {
            return null;
        }
        if (!caller.has(Role.ADMIN) && (caller.owner().contains("/") || !key.startsWith(caller.owner() + "/"))) {
            throw new ApiProblem(
                    HttpError.SCOPE_MISSING,
                    "Only an administrator may choose a key that is not below the owner's name.");
        }
        boolean clean = key.chars().noneMatch(Character::isISOControl);
        if (key.isBlank() || !clean || key.getBytes(StandardCharsets.UTF_8).length > LONGEST_KEY) {
            throw invalid("key", "must have 1 to " + LONGEST_KEY + " bytes, and no control characters");
        }
        for (String segment : key.split("/", -1)) {
            if (segment.isBlank() || segment.equals(".") || segment.equals("..")) {
                throw invalid("key", "must not have an empty segment, '.' or '..'");
            }
        }
        return key;
    }

    /** In ISO 8601, such as PT24H; null for none. */
    static @Nullable Duration duration(String field, @Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            Duration duration = Duration.parse(text);
            if (duration.toSeconds() < 1 || duration.compareTo(LONGEST) > 0) {
                throw invalid(field, "must be from PT1S to P3650D");
            }
            return duration.withNanos(0);
        } catch (DateTimeException e) {
            throw invalid(field, "must be a duration of ISO 8601, such as PT24H");
        }
    }

    static ApiProblem invalid(String field, String what) {
        return new ApiProblem(ApiError.INVALID_BODY, "The field '" + field + "' " + what + ".");
    }
}
