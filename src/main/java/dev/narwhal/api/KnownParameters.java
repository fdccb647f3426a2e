package dev.narwhal.api;

import jakarta.servlet.http.HttpServletRequest;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.util.StringUtils;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;

/**
 * The parameters of each endpoint: those that its method names, and the components of a record that holds several. A
 * filter with a mistake in its name would otherwise filter nothing, and nobody would notice.
 */
final class KnownParameters {

    private final Map<Method, Set<String>> known = new ConcurrentHashMap<>();
    private final DefaultParameterNameDiscoverer names = new DefaultParameterNameDiscoverer();

    /** @throws ApiProblem when the query has a parameter that the endpoint does not know */
    void refuseUnknown(HttpServletRequest request, HandlerMethod method) {
        if (request.getQueryString() == null) {
            return;
        }
        Set<String> expected = known.computeIfAbsent(method.getMethod(), unused -> of(method));
        for (String name : request.getParameterMap().keySet()) {
            if (!expected.contains(name)) {
                throw new ApiProblem(
                        ApiError.INVALID_PARAMETER,
                        "There is no parameter '" + ParameterText.quoted(name) + "' here"
                                + (expected.isEmpty() ? "." : "; there are " + String.join(", ", expected) + "."));
            }
        }
    }

    private Set<String> of(HandlerMethod method) {
        Set<String> all = new TreeSet<>();
        for (MethodParameter parameter : method.getMethodParameters()) {
            namesOf(parameter).forEach(all::add);
        }
        return all;
    }

    private Stream<String> namesOf(MethodParameter parameter) {
        @Nullable RequestParam single = parameter.getParameterAnnotation(RequestParam.class);
        if (single != null) {
            parameter.initParameterNameDiscovery(names);
            return Stream.of(StringUtils.hasText(single.name()) ? single.name() : nameOf(parameter));
        }
        return parameter.hasParameterAnnotation(ModelAttribute.class)
                ? Arrays.stream(parameter.getParameterType().getRecordComponents())
                        .map(RecordComponent::getName)
                : Stream.empty();
    }

    private static String nameOf(MethodParameter parameter) {
        @Nullable String name = parameter.getParameterName();
        return name == null ? "" : name;
    }
}
