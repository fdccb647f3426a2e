package dev.narwhal.protocol.tus;

import jakarta.servlet.http.HttpServletResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import me.desair.tus.server.HttpHeader;

/**
 * The first lines of an answer: what a client goes on by. An answer's head that is cut on its way is whole to some clients, or
 * at least those of its lines that came: to Java's HttpURLConnection even after a reset, when a status line is among them. The
 * sooner the offset comes, the less can be lost before it.
 */
final class LeadingHeaders {

    private static final List<String> LEADING = List.of(HttpHeader.LOCATION, HttpHeader.UPLOAD_OFFSET);

    private LeadingHeaders() {}

    /** Puts Location and Upload-Offset, where there are any, before all other headers; too late once it is committed. */
    static void order(HttpServletResponse response) {
        if (response.isCommitted() || LEADING.stream().noneMatch(response::containsHeader)) {
            return;
        }
        Map<String, List<String>> headers = new LinkedHashMap<>();
        LEADING.forEach(name -> take(response, name, headers));
        List.copyOf(response.getHeaderNames()).stream()
                .filter(name -> !isWrittenByContainer(name))
                .forEach(name -> take(response, name, headers));
        headers.forEach((name, values) -> values.forEach(value -> response.addHeader(name, value)));
    }

    private static void take(HttpServletResponse response, String name, Map<String, List<String>> headers) {
        if (response.containsHeader(name)) {
            headers.put(name, List.copyOf(response.getHeaders(name)));
            response.setHeader(name, null);
        }
    }

    /** Kept apart from the others, and last in any case. */
    private static boolean isWrittenByContainer(String name) {
        return name.equalsIgnoreCase("Content-Type") || name.equalsIgnoreCase("Content-Length");
    }
}
