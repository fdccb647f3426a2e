package dev.narwhal.protocol.tus;

import jakarta.servlet.http.HttpServletResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import me.desair.tus.server.HttpHeader;

/**
 * Sends Location and Upload-Offset first, because a client resumes by them. Some clients accept a truncated response
 * head: HttpURLConnection keeps the headers it has received even if the connection is reset after the status line.
 * The earlier the offset is sent, the smaller the chance that it is lost.
 */
final class LeadingHeaders {

    private static final List<String> LEADING = List.of(HttpHeader.LOCATION, HttpHeader.UPLOAD_OFFSET);

    private LeadingHeaders() {}

    /**
     * Moves Location and Upload-Offset, if present, before all other headers. Does nothing once the response is
     * committed.
     */
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

    /** The container keeps these headers separately and writes them last. */
    private static boolean isWrittenByContainer(String name) {
        return name.equalsIgnoreCase("Content-Type") || name.equalsIgnoreCase("Content-Length");
    }
}
