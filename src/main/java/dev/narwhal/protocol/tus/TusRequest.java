package dev.narwhal.protocol.tus;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import java.util.Collections;
import java.util.Enumeration;
import java.util.LinkedHashSet;
import java.util.Locale;
import me.desair.tus.server.HttpHeader;
import org.jspecify.annotations.Nullable;

/**
 * The request with its effective method: X-HTTP-Method-Override on any method, case-insensitive, surrounding spaces
 * ignored (T11 to T14, T16). The engine does not see the header: for an unknown method it would fall back to the real
 * one.
 */
final class TusRequest extends HttpServletRequestWrapper {

    private final String method;

    TusRequest(HttpServletRequest request) {
        super(request);
        // Contradicting headers are joined to a name that is no method, so the request is refused: neither header
        // counts, nor the real method.
        String override =
                String.join(",", new LinkedHashSet<>(Collections.list(request.getHeaders(HttpHeader.METHOD_OVERRIDE))));
        boolean overridden = !override.isBlank();
        method = overridden ? override.strip().toUpperCase(Locale.ROOT) : request.getMethod();
    }

    @Override
    public String getMethod() {
        return method;
    }

    @Override
    public @Nullable String getHeader(String name) {
        return isOverride(name) ? null : super.getHeader(name);
    }

    @Override
    public Enumeration<String> getHeaders(String name) {
        return isOverride(name) ? Collections.emptyEnumeration() : super.getHeaders(name);
    }

    private static boolean isOverride(String name) {
        return name.equalsIgnoreCase(HttpHeader.METHOD_OVERRIDE);
    }
}
