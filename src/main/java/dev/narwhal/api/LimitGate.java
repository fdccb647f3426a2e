package dev.narwhal.api;

import dev.narwhal.access.limits.Limiter;
import dev.narwhal.access.limits.Urgency;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;
import org.springframework.web.servlet.HandlerMapping;

/** Counts requests of the API beside those of the tus path, and its creations beside those there. */
final class LimitGate implements HandlerInterceptor {

    private static final String CREATION = "/api/v1/uploads";

    private final Limiter limiter;

    LimitGate(Limiter limiter) {
        this.limiter = limiter;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        // The end of a stream of events is dispatched again, and is no request.
        if (handler instanceof HandlerMethod && request.getDispatcherType() == DispatcherType.REQUEST) {
            limiter.admit(CallerArgument.of(request), urgency(request));
        }
        return true;
    }

    private static Urgency urgency(HttpServletRequest request) {
        boolean creates = CREATION.equals(request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE));
        return request.getMethod().equals("POST") && !creates ? Urgency.ORDINARY : Urgency.of(request.getMethod());
    }
}
