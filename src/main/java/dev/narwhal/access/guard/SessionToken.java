package dev.narwhal.access.guard;

import dev.narwhal.access.Credentials;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.csrf.CsrfTokenRepository;
import org.springframework.security.web.csrf.DefaultCsrfToken;

/** The token that a page sends with each change of its session: it follows from the session, so that nothing keeps it. */
final class SessionToken implements CsrfTokenRepository {

    private static final String HEADER = "X-CSRF-Token";
    private static final String PARAMETER = "_csrf";

    @Override
    public CsrfToken generateToken(HttpServletRequest request) {
        return new DefaultCsrfToken(HEADER, PARAMETER, Credentials.csrfToken(request));
    }

    @Override
    public void saveToken(
            @Nullable CsrfToken token, HttpServletRequest request, @Nullable HttpServletResponse response) {}

    @Override
    public CsrfToken loadToken(HttpServletRequest request) {
        return generateToken(request);
    }
}
