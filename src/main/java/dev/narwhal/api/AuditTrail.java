package dev.narwhal.api;

import dev.narwhal.access.Audit;
import dev.narwhal.access.Audit.Actor;
import dev.narwhal.access.Role;
import dev.narwhal.http.ClientAddress;
import dev.narwhal.http.TrustedProxies;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Records every change that an operator or an administrator makes over the API, done or refused, and every other request that
 * was refused for a lack of rights. What owners do with their own uploads is no administration.
 */
public final class AuditTrail implements HandlerInterceptor {

    /** The code of the problem that a request was answered with. */
    static final String CODE = AuditTrail.class.getName();

    private static final String ADDRESS = CODE + ".address";
    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");
    private static final Set<Role> ADMINISTRATION = Set.of(Role.OPERATE, Role.ADMIN);
    /** What servers do for their users all day would displace everything else. */
    private static final Set<String> EVERYDAY = Set.of("POST /api/v1/uploads", "POST /api/v1/upload-urls");

    private static final String SUBJECT = CODE + ".subject";
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int BAD_REQUEST = 400;

    private final Audit audit;
    private final TrustedProxies proxies;

    AuditTrail(Audit audit, TrustedProxies proxies) {
        this.audit = audit;
        this.proxies = proxies;
    }

    /** Before the answer: afterwards the client may have closed the connection, and the socket knows no address. */
    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        request.setAttribute(ADDRESS, ClientAddress.of(request, proxies));
        return true;
    }

    @Override
    public void afterCompletion(
            HttpServletRequest request, HttpServletResponse response, Object handler, @Nullable Exception failure) {
        if (!(handler instanceof HandlerMethod method)) {
            return;
        }
        var caller = CallerArgument.of(request);
        Actor actor = Actor.of(caller, String.valueOf(request.getAttribute(ADDRESS)));
        String action =
                request.getMethod() + ' ' + request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        int status = response.getStatus();
        boolean administers = !EVERYDAY.contains(action)
                && isAdministration(method)
                && ADMINISTRATION.stream().anyMatch(caller::has);
        if (administers && !READING.contains(request.getMethod())) {
            audit.act(actor, action, subject(request), status < BAD_REQUEST ? "done" : code(request, status));
        } else if (status == UNAUTHORIZED || status == FORBIDDEN) {
            audit.refused(actor, action, code(request, status));
        }
    }

    /** Names what a request has made, whose id its path cannot have. */
    public static void name(HttpServletRequest request, String id) {
        request.setAttribute(SUBJECT, id);
    }

    private static boolean isAdministration(HandlerMethod method) {
        Needs needs = method.getMethodAnnotation(Needs.class);
        return needs != null && Arrays.stream(needs.value()).anyMatch(ADMINISTRATION::contains);
    }

    /** The ids in the path. */
    private static String subject(HttpServletRequest request) {
        if (request.getAttribute(SUBJECT) instanceof String named) {
            return named;
        }
        return request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE) instanceof Map<?, ?> variables
                ? String.join(
                        " ",
                        new TreeMap<>(variables)
                                .values().stream().map(String::valueOf).toList())
                : "";
    }

    private static String code(HttpServletRequest request, int status) {
        return request.getAttribute(CODE) instanceof String code ? code : String.valueOf(status);
    }
}
