package dev.narwhal.api.keys;

import dev.narwhal.access.AccessProperties;
import dev.narwhal.access.AccessRefusedException;
import dev.narwhal.access.ApiKeys;
import dev.narwhal.access.Authenticator;
import dev.narwhal.access.Caller;
import dev.narwhal.access.Credentials;
import dev.narwhal.access.Role;
import dev.narwhal.api.ApiError;
import dev.narwhal.api.ApiProblem;
import dev.narwhal.api.Needs;
import dev.narwhal.http.HttpError;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseCookie;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * {@code /api/v1/session}: a browser shows a key once, and then a cookie that no script can read and no other site's page can use. The
 * tus path does not accept it.
 */
@RestController
@RequestMapping("/api/v1/session")
class SessionController {

    private final ApiKeys keys;
    private final Authenticator authenticator;
    private final AccessProperties properties;

    SessionController(ApiKeys keys, Authenticator authenticator, AccessProperties properties) {
        this.keys = keys;
        this.authenticator = authenticator;
        this.properties = properties;
    }

    record Login(@Nullable String key) {}

    /** @param csrfToken for the header X-CSRF-Token of each request of the session that changes something */
    record Session(
            String owner, List<String> scopes, @Nullable String csrfToken) {

        static Session of(String owner, Collection<Role> roles, @Nullable String csrfToken) {
            return new Session(owner, roles.stream().sorted().map(KeyView::name).toList(), csrfToken);
        }
    }

    @Needs({})
    @PostMapping
    ResponseEntity<Session> begin(@RequestBody Login login, HttpServletRequest request) {
        if (login.key() == null) {
            throw new ApiProblem(ApiError.INVALID_BODY, "key is missing.");
        }
        ApiKeys.Created session;
        try {
            session = keys.beginSession(login.key(), properties.sessionLife());
        } catch (AccessRefusedException e) {
            throw new ApiProblem(e.error());
        }
        return ResponseEntity.ok()
                .header(HttpHeaders.SET_COOKIE, cookie(session.text(), properties.sessionLife(), request))
                .body(Session.of(session.key().owner(), session.key().scopes(), Credentials.csrfToken(session.text())));
    }

    /** Who the browser acts for; for a page that was loaded anew. */
    @Needs({})
    @GetMapping
    Session current(HttpServletRequest request) {
        Caller caller;
        try {
            caller = authenticator.callerOfPage(request);
        } catch (AccessRefusedException e) {
            throw new ApiProblem(e.error());
        }
        if (caller == Caller.STRANGER) {
            throw new ApiProblem(HttpError.CREDENTIALS_MISSING);
        }
        Optional<String> session = Credentials.isSession(request) ? Credentials.session(request) : Optional.empty();
        return Session.of(
                caller.owner(),
                caller.roles(),
                session.map(Credentials::csrfToken).orElse(null));
    }

    @Needs({})
    @DeleteMapping
    ResponseEntity<Void> end(HttpServletRequest request) {
        Credentials.session(request).ifPresent(keys::endSession);
        return ResponseEntity.noContent()
                .header(HttpHeaders.SET_COOKIE, cookie("", Duration.ZERO, request))
                .build();
    }

    /** A proxy may speak TLS for this server: the page's own origin says whether the browser does. */
    private static String cookie(String value, Duration life, HttpServletRequest request) {
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        return ResponseCookie.from(Credentials.SESSION_COOKIE, value)
                .path("/")
                .httpOnly(true)
                .sameSite("Strict")
                .secure(request.isSecure() || (origin != null && origin.startsWith("https:")))
                .maxAge(life)
                .build()
                .toString();
    }
}
