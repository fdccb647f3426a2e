package dev.narwhal.clients;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One connection on which requests are sent as they stand in a test, line by line; nothing is added to them. */
final class Wire implements AutoCloseable {

    private static final int TIMEOUT_MILLIS = 20_000;

    private final Socket socket;
    private final InputStream in;
    private final String authority;

    Wire(URI server) throws IOException {
        socket = new Socket(server.getHost(), server.getPort());
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
        authority = server.getAuthority();
    }

    /**
     * Sends a head and reads the answer to it. Lines end with CRLF on the wire; {@code {host}} stands for host and port.
     *
     * @param head without the empty line at its end
     */
    Answer send(String head, String body) throws IOException {
        String lines = head.strip().replace("{host}", authority).replace("\n", "\r\n") + "\r\n\r\n";
        write(lines + body);
        return read();
    }

    Answer send(String head) throws IOException {
        return send(head, "");
    }

    void write(String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(ISO_8859_1));
    }

    /** Status and headers; a body is skipped. An interim answer is an answer. */
    Answer read() throws IOException {
        String status = line();
        Map<String, String> headers = new LinkedHashMap<>();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        in.skipNBytes(Long.parseLong(headers.getOrDefault("content-length", "0")));
        return new Answer(Integer.parseInt(status.split(" ", -1)[1]), headers);
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("The server closed the connection after '" + line + "'");
            }
            line.append((char) b);
        }
        return line.toString().stripTrailing();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** @param headers by their names in lower case */
    record Answer(int status, Map<String, String> headers) {

        Answer is(int expected) {
            assertThat(status).as("%s", headers).isEqualTo(expected);
            return this;
        }

        Answer has(String name, String value) {
            assertThat(headers).containsEntry(name.toLowerCase(Locale.ROOT), value);
            return this;
        }

        /** A header's elements, in lower case, of which there are none when it is absent. */
        List<String> list(String name) {
            String value = headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
            return List.of(value.toLowerCase(Locale.ROOT).split(", *"));
        }

        /** The path of the upload that was created. */
        String location() {
            return URI.create(headers.getOrDefault("location", "")).getPath();
        }
    }
}
