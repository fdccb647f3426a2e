package dev.narwhal.http;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;

/** Admits the bodies of requests to Spring's own servlet; other readers of bodies request admission themselves. */
final class BodyAdmissionFilter extends HttpFilter {

    private static final long serialVersionUID = 1L;
    private static final Set<String> WITHOUT_BODY = Set.of("GET", "HEAD", "OPTIONS");

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (!WITHOUT_BODY.contains(request.getMethod())
                && BodyPresence.mayHaveBody(request)
                && !BodyClaim.of(request).admit()) {
            response.setHeader("Retry-After", BodyClaim.RETRY_SECONDS);
            response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE);
            return;
        }
        chain.doFilter(request, response);
    }
}
