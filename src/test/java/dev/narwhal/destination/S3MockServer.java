package dev.narwhal.destination;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

/** Adobe's S3Mock in a process of its own: as an application it must not share a class path with another. */
final class S3MockServer implements AutoCloseable {

    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

    private final Process process;
    private final URI endpoint;

    private S3MockServer(Process process, URI endpoint) {
        this.process = process;
        this.endpoint = endpoint;
    }

    static S3MockServer start(Path directory) throws IOException {
        int port = freePort();
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        Process process = new ProcessBuilder(
                        java.toString(),
                        "-Xmx384m",
                        "-cp",
                        System.getProperty("s3mock.lib") + "/*",
                        "com.adobe.testing.s3mock.S3MockApplication",
                        "--http.port=" + port,
                        "--server.port=0",
                        "--server.address=127.0.0.1",
                        "--com.adobe.testing.s3mock.store.root=" + directory.resolve("store"))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("s3mock.log").toFile())
                .start();
        // The one that started it may be killed; a server that outlives it would stay for ever.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        S3MockServer server = new S3MockServer(process, URI.create("http://127.0.0.1:" + port));
        server.awaitReady();
        return server;
    }

    URI endpoint() {
        return endpoint;
    }

    private void awaitReady() {
        S3Properties settings = S3Settings.of("any", endpoint).bind();
        try (S3Client client = S3Clients.reader(settings, 2)) {
            Awaitility.await()
                    .atMost(START_TIMEOUT)
                    .ignoreExceptionsInstanceOf(SdkException.class)
                    .failFast("S3Mock has ended", () -> !process.isAlive())
                    .until(() -> client.listBuckets().sdkHttpResponse().isSuccessful());
        }
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
