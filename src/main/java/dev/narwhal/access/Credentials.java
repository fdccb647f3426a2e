package dev.narwhal.access;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What a request presents: {@code Authorization: Bearer} or {@code X-Api-Key}. Never a query parameter, which logs and
 * histories keep. {@code Authorization} of another scheme is for a proxy in front, and counts as nothing.
 *
 * @param tokens normally none or one
 */
record Credentials(List<String> tokens) {

    private static final String BEARER = "Bearer ";

    static Credentials of(HttpServletRequest request) {
        Stream<String> bearer = Collections.list(request.getHeaders("Authorization")).stream()
                .filter(value -> value.regionMatches(true, 0, BEARER, 0, BEARER.length()))
                .map(value -> value.substring(BEARER.length()).strip());
        Stream<String> keys =
                Collections.list(request.getHeaders("X-Api-Key")).stream().map(String::strip);
        return new Credentials(
                Stream.concat(bearer, keys).filter(Objects::nonNull).distinct().toList());
    }

    boolean isEmpty() {
        return tokens.isEmpty();
    }

    /** True when the request presents two that differ: which of them counts is anybody's guess. */
    boolean isAmbiguous() {
        return tokens.size() > 1;
    }

    String token() {
        return tokens.getFirst();
    }

    @Override
    public String toString() {
        return "Credentials[" + tokens.size() + "]";
    }
}
