package dev.narwhal.operations;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.NarwhalProcess;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Properties;
import org.awaitility.Awaitility;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What must never be in the log: looked for in all of it, at debug, through deliveries, refusals and faults. */
@Tag("process")
class SecretsIT {

    private static final String ACCESS_KEY = "PROBEACCESSKEY000001";
    private static final String SECRET_KEY = "probe/secret+key=0002";
    private static final String DATABASE_PASSWORD = "probe-password-0003";
    private static final String TOKEN = "probe-token-0004";
    private static final String COOKIE = "probe-cookie-0005";
    private static final String METADATA = "probe-metadata-0006";
    private static final String METADATA_BASE64 = Base64.getEncoder().encodeToString(METADATA.getBytes(UTF_8));

    @TempDir
    Path dir;

    @Test
    void log_atDebug_hasNoSecret() throws Exception {
        S3Proxy store = store();
        EmbeddedPostgres database = EmbeddedPostgres.start();
        try (NarwhalProcess server = NarwhalProcess.start(
                        dir.resolve("data"),
                        "--logging.level.dev.narwhal=debug",
                        "--spring.datasource.url=" + database.getJdbcUrl("postgres", "postgres"),
                        "--spring.datasource.username=postgres",
                        "--spring.datasource.password=" + DATABASE_PASSWORD,
                        "--narwhal.destination.type=s3",
                        "--narwhal.destination.s3.bucket=secrets",
                        "--narwhal.destination.s3.create-bucket=true",
                        "--narwhal.destination.s3.endpoint=http://127.0.0.1:" + store.getPort(),
                        "--narwhal.destination.s3.path-style=true",
                        "--narwhal.destination.s3.access-key=" + ACCESS_KEY,
                        "--narwhal.destination.s3.secret-key=" + SECRET_KEY);
                HttpClient http = HttpClient.newHttpClient()) {
            upload(http, server);
            awaitLine(server, "delivery.delivered");
            store.stop();
            URI waiting = upload(http, server);
            awaitLine(server, "delivery.retried");
            send(
                    http,
                    HttpRequest.newBuilder(waiting)
                            .header("Upload-Offset", "7")
                            .method("PATCH", BodyPublishers.noBody()));
            awaitLine(server, "request.refused");
            database.close();
            send(http, HttpRequest.newBuilder(waiting).method("HEAD", BodyPublishers.noBody()));
            server.stop();

            assertHasNoSecret(server.log());
        } finally {
            store.stop();
            database.close();
        }
    }

    @Test
    void sentenceOfAStartThatFails_hasNoSecret() throws Exception {
        int nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = socket.getLocalPort();
        }
        try (NarwhalProcess server = NarwhalProcess.launch(
                dir.resolve("data"),
                "--logging.level.dev.narwhal=debug",
                "--spring.datasource.url=jdbc:postgresql://127.0.0.1:" + nobody + "/db?user=u&password="
                        + DATABASE_PASSWORD,
                "--spring.datasource.password=" + DATABASE_PASSWORD)) {
            assertThat(server.awaitExit()).isEqualTo(1);

            assertThat(server.log()).contains("Narwhal cannot start");
            assertHasNoSecret(server.log());
        }
    }

    private static void assertHasNoSecret(String log) {
        assertThat(log)
                .doesNotContain(
                        ACCESS_KEY, SECRET_KEY, DATABASE_PASSWORD, TOKEN, COOKIE, METADATA, METADATA_BASE64, "Bearer");
    }

    /** Three bytes, with everything that a client may say in confidence. */
    private static URI upload(HttpClient http, NarwhalProcess server) throws IOException, InterruptedException {
        HttpResponse<Void> created = send(
                http,
                HttpRequest.newBuilder(server.uploads())
                        .header("Upload-Length", "3")
                        .header("Upload-Metadata", "filename YQ==,token " + METADATA_BASE64)
                        .POST(BodyPublishers.noBody()));
        assertThat(created.statusCode()).isEqualTo(201);
        URI upload = server.uploads()
                .resolve(created.headers().firstValue("Location").orElseThrow());
        HttpResponse<Void> sent = send(
                http,
                HttpRequest.newBuilder(upload)
                        .header("Upload-Offset", "0")
                        .header("Content-Type", "application/offset+octet-stream")
                        .method("PATCH", BodyPublishers.ofByteArray(new byte[3])));
        assertThat(sent.statusCode()).isEqualTo(204);
        return upload;
    }

    private static HttpResponse<Void> send(HttpClient http, HttpRequest.Builder request)
            throws IOException, InterruptedException {
        return http.send(
                request.header("Tus-Resumable", "1.0.0")
                        .header("Authorization", "Bearer " + TOKEN)
                        .header("Cookie", "session=" + COOKIE)
                        .build(),
                BodyHandlers.discarding());
    }

    private static void awaitLine(NarwhalProcess server, String event) {
        Awaitility.await(event)
                .atMost(Duration.ofSeconds(60))
                .until(() -> List.of(server.log().split("\\s")).contains(event));
    }

    private S3Proxy store() throws Exception {
        Properties properties = new Properties();
        properties.setProperty(
                "jclouds.filesystem.basedir",
                Files.createDirectory(dir.resolve("store")).toString());
        S3Proxy store = S3Proxy.builder()
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET_KEY)
                .blobStore(BlobStores.create("filesystem-nio2", properties))
                .ignoreUnknownHeaders(true)
                .build();
        store.start();
        return store;
    }
}
