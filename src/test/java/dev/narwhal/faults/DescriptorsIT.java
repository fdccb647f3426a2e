package dev.narwhal.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.testkit.PlainTus;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that may open no more files: it says so, goes on with what it has, and mends by itself. */
@Tag("faults")
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class DescriptorsIT {

    /** Some more than a server without requests has open. */
    private static final int MORE_DESCRIPTORS = 30;

    @TempDir
    private Path dir;

    @Test
    void descriptors_areGone_requestsAreAnswered503() throws Exception {
        List<Socket> idle = new ArrayList<>();
        try (NarwhalProcess server = NarwhalProcess.start(dir.resolve("data"));
                PlainTus tus = new PlainTus();
                Socket writer = new Socket("127.0.0.1", server.port());
                Socket reader = new Socket("127.0.0.1", server.port())) {
            URI upload = tus.create(server.uploads(), 5, "five");
            // Both are accepted before nothing can be any more.
            assertThat(ask(writer, "HEAD", upload, "")).startsWith("HTTP/1.1 20");
            assertThat(ask(reader, "HEAD", upload, "")).startsWith("HTTP/1.1 20");
            limit(server, openFiles(server) + MORE_DESCRIPTORS);
            try {
                // Fewer than would fill the queue of connections that wait, beside those that are accepted.
                for (int i = 0; i < 60; i++) {
                    idle.add(new Socket("127.0.0.1", server.port()));
                }
                Awaitility.await().until(() -> server.log().contains("server.accept-failed"));
                assertThat(ask(writer, "PATCH", upload, "hello"))
                        .startsWith("HTTP/1.1 503")
                        .contains("NO_DESCRIPTORS");
                assertThat(ask(reader, "HEAD", upload, ""))
                        .startsWith("HTTP/1.1 20")
                        .contains("Upload-Offset: 0");
            } finally {
                close(idle);
            }
            assertThat(tus.patch(upload, 0, new byte[5]).statusCode()).isEqualTo(204);
            assertThat(server.log().lines().filter(line -> line.contains("server.accept-failed")))
                    .hasSize(1);
            // The embedded database may have met the limit as well, which its pool tells with a stack trace.
            assertThat(server.log()).doesNotContain("\tat org.apache.tomcat.util.net.Acceptor");
        }
    }

    /** A request on a connection that is there, and what comes first of its answer. */
    private static String ask(Socket socket, String method, URI upload, String body) throws IOException {
        socket.setSoTimeout(30_000);
        String request = method + " " + upload.getPath() + " HTTP/1.1\r\nHost: localhost\r\nTus-Resumable: 1.0.0\r\n"
                + "Upload-Offset: 0\r\nContent-Type: application/offset+octet-stream\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body;
        socket.getOutputStream().write(request.getBytes(US_ASCII));
        return new String(socket.getInputStream().readNBytes(1), US_ASCII)
                + new String(
                        socket.getInputStream()
                                .readNBytes(socket.getInputStream().available()),
                        US_ASCII);
    }

    /** How many there are depends on how the jar is started: extracted, each library is a file of its own. */
    private static int openFiles(NarwhalProcess server) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc", "" + server.pid(), "fd"))) {
            return (int) files.count();
        }
    }

    private static void limit(NarwhalProcess server, int descriptors) throws Exception {
        Process limit = new ProcessBuilder("prlimit", "--pid", "" + server.pid(), "--nofile=" + descriptors + ":")
                .inheritIO()
                .start();
        assertThat(limit.waitFor()).isZero();
    }

    private static void close(List<Socket> sockets) throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
