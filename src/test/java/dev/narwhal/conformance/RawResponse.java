package dev.narwhal.conformance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * An answer as it came over the wire.
 *
 * @param request the request's head, for messages
 * @param interim statuses of the interim answers (1xx) that came before it
 * @param headers in their order, duplicates kept; values as ISO 8859-1, which keeps every byte
 */
record RawResponse(String request, List<Integer> interim, int status, List<Header> headers, byte[] body) {

    record Header(String name, String value) {}

    List<String> values(String name) {
        return headers.stream()
                .filter(header -> header.name().equalsIgnoreCase(name))
                .map(Header::value)
                .toList();
    }

    /** The header's value; empty when it is absent. */
    Optional<String> header(String name) {
        List<String> values = values(name);
        if (values.size() > 1) {
            throw new AssertionError(name + " was sent " + values.size() + " times in\n" + this);
        }
        return values.stream().findFirst();
    }

    String required(String name) {
        return header(name).orElseThrow(() -> new AssertionError(name + " is missing in\n" + this));
    }

    long offset() {
        return Long.parseLong(required("Upload-Offset"));
    }

    /** The Location, resolved against the URL of the request as a client does it. */
    URI location(URI requested) {
        return requested.resolve(required("Location"));
    }

    String text() {
        return new String(body, ISO_8859_1);
    }

    boolean isSuccess() {
        return status >= 200 && status < 300;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("--- request\n").append(request).append("--- answer\n");
        interim.forEach(one -> text.append("HTTP/1.1 ").append(one).append(" (interim)\n"));
        text.append("HTTP/1.1 ").append(status).append('\n');
        headers.forEach(header ->
                text.append(header.name()).append(": ").append(header.value()).append('\n'));
        String shown = text();
        return text.append('\n')
                .append(shown, 0, Math.min(400, shown.length()))
                .append("\n---")
                .toString();
    }
}
