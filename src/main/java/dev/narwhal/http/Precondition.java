package dev.narwhal.http;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.springframework.http.ETag;
import org.springframework.http.HttpHeaders;

/** Evaluates the conditional headers of a GET, in the order of RFC 9110, section 13.2.2. Ignores an invalid header. */
enum Precondition {
    /** The file is sent. */
    HOLDS,
    /** The client has the current file: 304. */
    NOT_MODIFIED,
    /** 412. */
    FAILED;

    private static final String ANY = "*";

    static Precondition of(HttpServletRequest request, String etag, Instant modified) {
        Optional<Boolean> matches = names(request, HttpHeaders.IF_MATCH, etag, true);
        if (matches.isPresent() ? !matches.get() : isAfter(request, HttpHeaders.IF_UNMODIFIED_SINCE, modified, false)) {
            return FAILED;
        }
        Optional<Boolean> known = names(request, HttpHeaders.IF_NONE_MATCH, etag, false);
        boolean same = known.orElseGet(() -> !isAfter(request, HttpHeaders.IF_MODIFIED_SINCE, modified, true));
        return same ? NOT_MODIFIED : HOLDS;
    }

    /** Whether the header contains the file's ETag; empty when the header is absent. */
    private static Optional<Boolean> names(HttpServletRequest request, String header, String etag, boolean strong) {
        List<String> values = Collections.list(request.getHeaders(header));
        if (values.isEmpty()) {
            return Optional.empty();
        }
        String all = String.join(",", values).strip();
        return Optional.of(all.equals(ANY)
                || ETag.parse(all).stream()
                        .anyMatch(tag -> !(strong && tag.weak()) && etag.equals("\"" + tag.tag() + "\"")));
    }

    /** Whether the file is newer than the header's date, to the second; {@code otherwise} when there is no such date. */
    private static boolean isAfter(HttpServletRequest request, String header, Instant modified, boolean otherwise) {
        try {
            long date = request.getDateHeader(header);
            return date < 0 ? otherwise : modified.toEpochMilli() > date;
        } catch (IllegalArgumentException e) {
            return otherwise;
        }
    }
}
