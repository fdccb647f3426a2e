package dev.narwhal.api;

import dev.narwhal.access.Caller;
import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.context.request.RequestAttributes;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/**
 * Gives a controller's method its {@link Caller}, whom the guard has put into the request. Without the guard everybody would be
 * a stranger.
 */
public final class CallerArgument implements HandlerMethodArgumentResolver {

    CallerArgument() {}

    /** Who sent this request. */
    public static Caller of(HttpServletRequest request) {
        return known(request.getAttribute(Caller.ATTRIBUTE));
    }

    private static Caller known(@Nullable Object attribute) {
        return attribute instanceof Caller caller ? caller : Caller.STRANGER;
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == Caller.class;
    }

    @Override
    public Caller resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binders) {
        return known(request.getAttribute(Caller.ATTRIBUTE, RequestAttributes.SCOPE_REQUEST));
    }
}
