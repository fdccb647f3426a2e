package dev.narwhal.api;

import dev.narwhal.access.Caller;
import dev.narwhal.access.Role;
import dev.narwhal.http.HttpError;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/** Admits a request to an endpoint: the caller has a role that it needs, and every parameter is one that it knows. */
final class EndpointGate implements HandlerInterceptor {

    private final KnownParameters parameters = new KnownParameters();

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (handler instanceof HandlerMethod method) {
            requireRole(CallerArgument.of(request), method.getMethodAnnotation(Needs.class), method);
            parameters.refuseUnknown(request, method);
        }
        response.setHeader("Cache-Control", "no-store");
        return true;
    }

    private static void requireRole(Caller caller, @Nullable Needs needs, HandlerMethod method) {
        if (needs == null) {
            throw new IllegalStateException(method.getShortLogMessage() + " does not say which role it needs");
        }
        Role[] roles = needs.value();
        boolean admitted = roles.length == 0 || Arrays.stream(roles).anyMatch(caller::has);
        if (!admitted) {
            String names =
                    Arrays.stream(roles).map(role -> ParameterText.of(role)).collect(Collectors.joining(" or "));
            throw new ApiProblem(HttpError.SCOPE_MISSING, "These credentials lack the scope " + names + ".");
        }
    }
}
