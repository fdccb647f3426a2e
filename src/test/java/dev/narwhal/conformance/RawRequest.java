package dev.narwhal.conformance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request as it goes over the wire: nothing is added, checked or normalised but Host and the framing of its body.
 * Immutable.
 *
 * @param target what stands in the request line
 * @param headers lines in their order, duplicates kept
 * @param chunks the body; one part is sent with Content-Length, chunks are sent as they are here
 * @param framing null where the headers say it themselves
 */
record RawRequest(
        String method,
        URI server,
        String target,
        List<String> headers,
        List<byte[]> chunks,
        @Nullable Framing framing) {

    /** A line that every request has, such as that of an access token. */
    private static final String EXTRA_HEADER =
            System.getProperty("tus.header", "").strip();

    enum Framing {
        LENGTH,
        CHUNKED
    }

    static RawRequest of(String method, URI url) {
        String query = url.getRawQuery() == null ? "" : "?" + url.getRawQuery();
        return new RawRequest(method, url, url.getRawPath() + query, List.of(), List.of(), null);
    }

    RawRequest method(String other) {
        return new RawRequest(other, server, target, headers, chunks, framing);
    }

    RawRequest target(String other) {
        return new RawRequest(method, server, other, headers, chunks, framing);
    }

    /** Adds a header line, also when there is one of that name. */
    RawRequest header(String name, String value) {
        List<String> more = new ArrayList<>(headers);
        more.add(name + ": " + value);
        return new RawRequest(method, server, target, more, chunks, framing);
    }

    RawRequest without(String name) {
        List<String> fewer = headers.stream()
                .filter(line -> !line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
                .toList();
        return new RawRequest(method, server, target, fewer, chunks, framing);
    }

    RawRequest with(String name, String value) {
        return without(name).header(name, value);
    }

    /** A body with its Content-Length. */
    RawRequest body(byte[] bytes) {
        return new RawRequest(method, server, target, headers, List.of(bytes), Framing.LENGTH);
    }

    RawRequest body(String text) {
        return body(text.getBytes(ISO_8859_1));
    }

    /** Announces a body whose bytes the test sends by itself. */
    RawRequest announcing(long contentLength) {
        return header("Content-Length", Long.toString(contentLength));
    }

    /** A body in chunks, ended by the last, empty chunk. */
    RawRequest chunked(byte[]... parts) {
        return new RawRequest(method, server, target, headers, List.copyOf(Arrays.asList(parts)), Framing.CHUNKED);
    }

    RawRequest chunked(String... parts) {
        return chunked(
                Arrays.stream(parts).map(part -> part.getBytes(ISO_8859_1)).toArray(byte[][]::new));
    }

    /** Announces chunks that the test sends by itself. */
    RawRequest announcingChunks() {
        return header("Transfer-Encoding", "chunked");
    }

    String head() {
        StringBuilder head = new StringBuilder(method + " " + target + " HTTP/1.1\r\n");
        if (headers.stream().noneMatch(line -> line.regionMatches(true, 0, "Host:", 0, 5))) {
            head.append("Host: ").append(server.getRawAuthority()).append("\r\n");
        }
        if (!EXTRA_HEADER.isEmpty()) {
            head.append(EXTRA_HEADER).append("\r\n");
        }
        headers.forEach(line -> head.append(line).append("\r\n"));
        if (framing == Framing.LENGTH) {
            head.append("Content-Length: ").append(chunks.getFirst().length).append("\r\n");
        } else if (framing == Framing.CHUNKED) {
            head.append("Transfer-Encoding: chunked\r\n");
        }
        return head.append("\r\n").toString();
    }
}
