package dev.narwhal.api.creation;

import dev.narwhal.access.Caller;
import dev.narwhal.access.Role;
import dev.narwhal.access.UploadUrl;
import dev.narwhal.api.ApiProblem;
import dev.narwhal.http.HttpError;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A request for an upload URL. Every field may be left out.
 *
 * @param owner of what is created; for administrators, else the caller
 * @param startWithin no upload begins later: a duration of ISO 8601, one hour by default
 * @param idleAtMost how long an unfinished upload is kept after its last byte; the server's setting by default
 * @param uses uploads that may be created; 1 by default
 * @param maxSize bytes of each
 * @param types media types such as {@code image/*}
 * @param metadata pairs that replace the client's
 * @param key of the object at the destination
 * @param origin of the pages that may use it
 * @param read whether it opens downloads, too
 */
record NewUrl(
        @Nullable String owner,
        @Nullable String startWithin,
        @Nullable String idleAtMost,
        @Nullable Integer uses,
        @Nullable Long maxSize,
        @Nullable List<String> types,
        @Nullable Map<String, String> metadata,
        @Nullable String key,
        @Nullable String origin,
        @Nullable Boolean read) {

    static final String START_WITHIN = "PT1H";
    private static final int MOST_USES = 100_000;
    private static final int MOST_TYPES = 50;
    private static final Pattern TYPE = Pattern.compile("[a-z0-9!#$&^_.+-]+/([a-z0-9!#$&^_.+-]+|\\*)");
    private static final Pattern ORIGIN = Pattern.compile("[a-z][a-z0-9+.-]*://[^\\s/?#]{1,300}");

    int usesOrOne() {
        int wanted = uses == null ? 1 : uses;
        if (wanted < 1 || wanted > MOST_USES) {
            throw Wanted.invalid("uses", "must be from 1 to " + MOST_USES);
        }
        return wanted;
    }

    UploadUrl.Grant grant(Caller caller) {
        if (Boolean.TRUE.equals(read) && !caller.has(Role.READ)) {
            throw new ApiProblem(HttpError.SCOPE_MISSING, "Only who may read may let others read.");
        }
        if (maxSize != null && maxSize < 0) {
            throw Wanted.invalid("maxSize", "must be at least 0");
        }
        if (origin != null && !ORIGIN.matcher(origin).matches()) {
            throw Wanted.invalid("origin", "must be an origin such as https://app.example.org");
        }
        return new UploadUrl.Grant(
                maxSize,
                checkedTypes(),
                Wanted.metadata(metadata),
                Wanted.key(key, caller),
                origin,
                Boolean.TRUE.equals(read),
                Wanted.duration("idleAtMost", idleAtMost));
    }

    private List<String> checkedTypes() {
        List<String> lower = types == null
                ? List.of()
                : types.stream()
                        .map(type -> Objects.requireNonNullElse(type, "").toLowerCase(Locale.ROOT))
                        .toList();
        if (lower.size() > MOST_TYPES
                || !lower.stream().allMatch(type -> TYPE.matcher(type).matches())) {
            throw Wanted.invalid(
                    "types", "must be at most " + MOST_TYPES + " media types such as image/png or image/*");
        }
        return lower;
    }
}
