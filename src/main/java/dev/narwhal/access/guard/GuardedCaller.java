package dev.narwhal.access.guard;

import dev.narwhal.access.AccessRefusedException;
import dev.narwhal.access.Authenticator;
import dev.narwhal.access.Caller;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.security.core.authority.SimpleGrantedAuthority;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.preauth.PreAuthenticatedAuthenticationToken;

/** Finds out who sends a request, for Spring Security and for the controllers. A stranger stays anonymous. */
final class GuardedCaller extends HttpFilter {

    private static final long serialVersionUID = 1L;

    private final transient Authenticator authenticator;
    private final String actuator;

    GuardedCaller(Authenticator authenticator, String actuator) {
        this.authenticator = authenticator;
        this.actuator = actuator;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        if (Area.of(request.getServletPath(), actuator).needsCaller()) {
            try {
                remember(request, authenticator.callerOfPage(request));
            } catch (AccessRefusedException e) {
                Refusal.write(e.error(), request, response);
                return;
            }
        }
        chain.doFilter(request, response);
    }

    private static void remember(HttpServletRequest request, Caller caller) {
        request.setAttribute(Caller.ATTRIBUTE, caller);
        if (caller == Caller.STRANGER) {
            return;
        }
        List<SimpleGrantedAuthority> roles = caller.roles().stream()
                .map(role -> new SimpleGrantedAuthority(role.name()))
                .toList();
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(new PreAuthenticatedAuthenticationToken(caller, "", roles));
        SecurityContextHolder.setContext(context);
    }
}
