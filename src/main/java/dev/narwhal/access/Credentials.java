package dev.narwhal.access;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a request presents: {@code Authorization: Bearer} or {@code X-Api-Key}. Never a query parameter, which logs and
 * histories keep. {@code Authorization} of another scheme is for a proxy in front, and counts as nothing.
 *
 * @param tokens normally none or one
 */
public record Credentials(List<String> tokens) {

    /** The cookie of a session of a browser, which the tus path never accepts. */
    public static final String SESSION_COOKIE = "narwhal-session";

    private static final String BEARER = "Bearer ";

    /** True for a request whose only credentials are the cookie of a session, which a browser adds by itself. */
    public static boolean isSession(HttpServletRequest request) {
        return session(request).isPresent() && of(request).isEmpty();
    }

    /** What a page sends with each change of its session; only who could read the session's beginning knows it. */
    public static String csrfToken(HttpServletRequest request) {
        return session(request).map(Credentials::csrfToken).orElseGet(Secret::create);
    }

    public static String csrfToken(String session) {
        return Secret.hash("csrf:" + session);
    }

    /** The text of a browser's session. */
    public static Optional<String> session(HttpServletRequest request) {
        Cookie[] cookies = request.getCookies();
        return cookies == null
                ? Optional.empty()
                : Arrays.stream(cookies)
                        .filter(cookie -> cookie.getName().equals(SESSION_COOKIE))
                        .map(Cookie::getValue)
                        .filter(Objects::nonNull)
                        .findFirst();
    }

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
