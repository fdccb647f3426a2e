package dev.narwhal.access.guard;

import dev.narwhal.access.Credentials;
import dev.narwhal.http.HttpError;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Set;

/**
 * Refuses what a page of another site could make a browser do for it: while access is open, whatever does not call this server by
 * one of its own names, and any change; where access is closed, changes with a session's cookie.
 */
final class OriginGate extends HttpFilter {

    private static final long serialVersionUID = 1L;

    private static final Set<String> SAFE = Set.of("GET", "HEAD", "OPTIONS", "TRACE");

    private final boolean isOpen;
    private final transient OwnHosts hosts;
    private final String actuator;

    OriginGate(boolean isOpen, OwnHosts hosts, String actuator) {
        this.isOpen = isOpen;
        this.hosts = hosts;
        this.actuator = actuator;
    }

    static boolean isChange(HttpServletRequest request) {
        return !SAFE.contains(request.getMethod());
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Area area = Area.of(request.getServletPath(), actuator);
        if (isOpen && area.isForOwnHosts() && !hosts.isMeant(request)) {
            Refusal.write(HttpError.HOST_REFUSED, request, response);
        } else if (isChange(request) && isByBrowser(request, area) && hosts.isForeign(request)) {
            Refusal.write(HttpError.ORIGIN_REFUSED, request, response);
        } else if (isOpen && OpenAccessRefusals.needsClosedAccess(request)) {
            Refusal.write(HttpError.ACCESS_IS_OPEN, request, response);
        } else {
            chain.doFilter(request, response);
        }
    }

    /** Other credentials than a cookie are sent on purpose, and across sites only as CORS allows. */
    private boolean isByBrowser(HttpServletRequest request, Area area) {
        return isOpen || area == Area.SESSION || Credentials.isSession(request);
    }
}
