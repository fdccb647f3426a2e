package dev.narwhal.destination.s3;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;

/** A store for S3 in a process of its own, on loopback, whose objects are below a directory of the test. */
final class S3ServerProcess implements AutoCloseable {

    /** The name of MinIO's only key for encryption. */
    static final String KMS_KEY = "narwhal-test";

    private static final String KMS_SECRET = Base64.getEncoder().encodeToString(new byte[32]);

    private static final Duration START_TIMEOUT = Duration.ofSeconds(60);

    private final Process process;
    private final URI endpoint;

    private S3ServerProcess(Process process, URI endpoint) {
        this.process = process;
        this.endpoint = endpoint;
    }

    /** Adobe's S3Mock: as an application it must not share a class path with another. */
    static S3ServerProcess s3Mock(Path directory) throws IOException {
        int port = freePort();
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> command = List.of(
                java.toString(),
                "-Xmx384m",
                "-cp",
                System.getProperty("s3mock.lib") + "/*",
                "com.adobe.testing.s3mock.S3MockApplication",
                "--http.port=" + port,
                "--server.port=0",
                "--server.address=127.0.0.1",
                "--com.adobe.testing.s3mock.store.root=" + directory.resolve("store"));
        return start(directory, port, command, Map.of());
    }

    /** MinIO, by the system property {@code minio}: its program's name or path. */
    static S3ServerProcess minio(Path directory) throws IOException {
        int port = freePort();
        List<String> command = List.of(
                System.getProperty("minio", "minio"),
                "server",
                "--address=127.0.0.1:" + port,
                directory.resolve("store").toString());
        Map<String, String> environment = Map.of(
                "MINIO_ROOT_USER",
                S3Settings.ACCESS_KEY,
                "MINIO_ROOT_PASSWORD",
                S3Settings.SECRET_KEY,
                "MINIO_KMS_SECRET_KEY",
                KMS_KEY + ":" + KMS_SECRET,
                "MINIO_BROWSER",
                "off");
        return start(directory, port, command, environment);
    }

    private static S3ServerProcess start(
            Path directory, int port, List<String> command, Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("store.log").toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        // The one that started it may be killed; a server that outlives it would stay for ever.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        S3ServerProcess server = new S3ServerProcess(process, URI.create("http://127.0.0.1:" + port));
        server.awaitReady();
        return server;
    }

    URI endpoint() {
        return endpoint;
    }

    private void awaitReady() {
        S3Properties settings = S3Settings.of("any", endpoint).bind();
        try (S3Client client = new S3Clients(S3Settings.PREFIX, settings).reader(2)) {
            Awaitility.await()
                    .atMost(START_TIMEOUT)
                    .ignoreExceptionsInstanceOf(SdkException.class)
                    .failFast("The store has ended", () -> !process.isAlive())
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
