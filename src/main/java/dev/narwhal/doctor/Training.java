package dev.narwhal.doctor;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.util.FileSystemUtils;

/**
 * Two short lives of a server, in a directory of their own and for this machine only: what a start and an upload need is then known to
 * the JVM, which can write it into a cache ({@code -XX:AOTCacheOutput}). The second life takes up what the first has begun.
 */
final class Training {

    private static final Pattern LOCATION = Pattern.compile("(?im)^location: *(\\S+)");

    private static final String CONTENT = "Narwhal";
    private static final int BEGUN = 3;
    private static final String BYTES = "Content-Type: application/offset+octet-stream\r\n";

    private final Function<String[], ConfigurableApplicationContext> server;

    /** @param server starts a server with these arguments */
    Training(Function<String[], ConfigurableApplicationContext> server) {
        this.server = server;
    }

    /** @throws IOException when the server does not answer as it should */
    void run() throws IOException {
        Path directory = Files.createTempDirectory("narwhal-training-");
        try {
            String upload;
            try (ConfigurableApplicationContext first = server.apply(settings(directory))) {
                upload = begin(port(first));
            }
            try (ConfigurableApplicationContext second = server.apply(settings(directory))) {
                finish(port(second), upload);
            }
        } finally {
            FileSystemUtils.deleteRecursively(directory);
        }
    }

    /** Nothing of the working directory's settings: they may name a database that is in use. */
    private static String[] settings(Path directory) {
        return new String[] {
            "--spring.config.location=classpath:/",
            "--spring.datasource.url=",
            "--server.address=127.0.0.1",
            "--server.port=0",
            "--narwhal.data-dir=" + directory.resolve("data"),
            "--narwhal.destination.type=directory",
            "--narwhal.destination.directory.path=" + directory.resolve("delivered")
        };
    }

    private static int port(ConfigurableApplicationContext context) {
        return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
    }

    /** Returns the path of an upload with some of its bytes. */
    private static String begin(int port) throws IOException {
        exchange(port, "OPTIONS", "/files", "", "", "204");
        String created = exchange(
                port,
                "POST",
                "/files",
                "Upload-Length: " + CONTENT.length() + "\r\nUpload-Metadata: filename dHJhaW5pbmc=\r\n" + BYTES,
                CONTENT.substring(0, BEGUN),
                "201");
        Matcher location = LOCATION.matcher(created);
        if (!location.find()) {
            throw new IOException("The server says of no upload where it is: " + created);
        }
        return URI.create(location.group(1)).getPath();
    }

    private static void finish(int port, String upload) throws IOException {
        exchange(port, "HEAD", upload, "", "", "200");
        exchange(port, "PATCH", upload, "Upload-Offset: " + BEGUN + "\r\n" + BYTES, CONTENT.substring(BEGUN), "204");
        exchange(port, "GET", upload, "", "", "200");
        exchange(port, "GET", "/actuator/health", "", "", "200");
        exchange(port, "GET", "/actuator/prometheus", "", "", "200");
    }

    /** Not by the JDK's client, of which a server needs no class. */
    private static String exchange(
            int port, String method, String path, String headers, String body, String expectedStatus)
            throws IOException {
        String request = method + " " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port
                + "\r\nTus-Resumable: 1.0.0\r\nConnection: close\r\nContent-Length: " + body.length() + "\r\n" + headers
                + "\r\n" + body;
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.getOutputStream().write(request.getBytes(ISO_8859_1));
            String answer = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
            if (!answer.startsWith("HTTP/1.1 " + expectedStatus)) {
                throw new IOException(method + " " + path + " was answered: " + answer);
            }
            return answer;
        }
    }
}
