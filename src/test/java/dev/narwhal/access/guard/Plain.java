package dev.narwhal.access.guard;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Requests whose Host is any, which the JDK's client does not send; one on each connection. */
final class Plain {

    private Plain() {}

    /** @param head all of it, without what the body needs */
    record Answer(int status, String head, String body) {

        @Nullable
        String header(String name) {
            return head.lines()
                    .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(name.toLowerCase(Locale.ROOT) + ":"))
                    .map(line -> line.substring(name.length() + 1).strip())
                    .findFirst()
                    .orElse(null);
        }

        String code() {
            return status + body.replaceAll("(?s).*\"code\":\"([A-Z_]+)\".*", " $1");
        }
    }

    /** @param headers whole lines, without their ends */
    static Answer send(URI server, String method, String path, String... headers) throws IOException {
        return send(server, method, path, "", headers);
    }

    static Answer send(URI server, String method, String path, String body, String[] headers) throws IOException {
        StringBuilder request = new StringBuilder(method + " " + path + " HTTP/1.1\r\nConnection: close\r\n");
        boolean hasHost = false;
        for (String header : headers) {
            hasHost |= header.startsWith("Host:");
            request.append(header).append("\r\n");
        }
        if (!hasHost) {
            request.append("Host: localhost\r\n");
        }
        if (!body.isEmpty() || method.equals("POST")) {
            request.append("Content-Length: ").append(body.length()).append("\r\n");
        }
        request.append("\r\n").append(body);
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.getPort())) {
            socket.getOutputStream().write(request.toString().getBytes(ISO_8859_1));
            String all = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
            int end = all.indexOf("\r\n\r\n");
            return new Answer(Integer.parseInt(all.split(" ")[1]), all.substring(0, end), all.substring(end + 4));
        }
    }
}
