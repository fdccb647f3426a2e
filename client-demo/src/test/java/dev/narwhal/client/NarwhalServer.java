package dev.narwhal.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** The server as a process of its own, that can be killed and started again on its port and its data. */
final class NarwhalServer implements AutoCloseable {

    static final long MAX_SIZE_MEBIBYTES = 64;

    private static final Duration START = Duration.ofMinutes(2);

    private final Path directory;
    private final int port;
    private Process process;

    private NarwhalServer(Path directory, int port) throws IOException {
        this.directory = directory;
        this.port = port;
        this.process = launch();
    }

    static NarwhalServer start(Path directory) throws IOException {
        NarwhalServer server = new NarwhalServer(directory, freePort());
        server.awaitReady();
        return server;
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + port + "/files");
    }

    /** As kill -9 does. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    void startAgain() throws IOException {
        process = launch();
        awaitReady();
    }

    /** What the server itself says that it has; negative when it has no such upload. */
    long offsetOf(URI upload) throws IOException {
        HttpURLConnection connection = request("HEAD", upload);
        assertThat(connection.getResponseCode()).isIn(200, 204, 404);
        return connection.getHeaderFieldLong("Upload-Offset", -1);
    }

    /** Waits for the delivery, then gives the file's place. */
    Path delivered(URI upload, String filename) {
        String path = upload.getPath();
        Path file = directory
                .resolve("delivered")
                .resolve("uploads")
                .resolve(path.substring(path.lastIndexOf('/') + 1))
                .resolve(filename);
        await().atMost(START).untilAsserted(() -> assertThat(file).exists());
        return file;
    }

    @Override
    public void close() {
        kill();
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private Process launch() throws IOException {
        return new ProcessBuilder(
                        Jars.java(),
                        "-Xmx384m",
                        "-jar",
                        Jars.server().toString(),
                        "--server.port=" + port,
                        "--server.address=127.0.0.1",
                        "--narwhal.data-dir=" + directory,
                        "--narwhal.upload.max-size=" + MAX_SIZE_MEBIBYTES + "MB")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
    }

    private Path log() {
        return directory.resolveSibling(directory.getFileName() + ".log");
    }

    /** Another process may listen where this one could not: an answer counts only while ours is alive. */
    private void awaitReady() {
        await().atMost(START)
                .pollInterval(Duration.ofMillis(200))
                .ignoreExceptions()
                .until(() -> {
                    if (!process.isAlive()) {
                        throw new AssertionError("The server ended with " + process.exitValue() + ":\n" + lastOfLog());
                    }
                    return request("OPTIONS", endpoint()).getHeaderField("Tus-Version") != null;
                });
    }

    private String lastOfLog() throws IOException {
        List<String> lines = Files.readAllLines(log());
        return String.join("\n", lines.subList(Math.max(0, lines.size() - 30), lines.size()));
    }

    private static HttpURLConnection request(String method, URI url) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
        connection.setRequestMethod(method);
        connection.setRequestProperty("Tus-Resumable", "1.0.0");
        connection.setConnectTimeout(5_000);
        connection.setReadTimeout(30_000);
        connection.getResponseCode();
        return connection;
    }
}
