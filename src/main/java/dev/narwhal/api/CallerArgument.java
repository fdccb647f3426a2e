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
 * Gives a controller's method its {@link Caller}, whom whatever guards the API has put into the request. Without a guard
 * every caller is {@link Caller#ANYBODY}.
 */
public final class CallerArgument implements HandlerMethodArgumentResolver {

    /** The attribute of the request that holds the {@link Caller}. */
    public static final String ATTRIBUTE = "dev.narwhal.access.caller";

    CallerArgument() {}

    /** Who sent this request. */
    public static Caller of(HttpServletRequest request) {
        return known(request.getAttribute(ATTRIBUTE));
    }

    private static Caller known(@Nullable Object attribute) {
        return attribute instanceof Caller caller ? caller : Caller.ANYBODY;
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
        return known(request.getAttribute(ATTRIBUTE, RequestAttributes.SCOPE_REQUEST));
    }
}
