package dev.narwhal.conformance;

import static dev.narwhal.conformance.Item.Level.I;
import static dev.narwhal.conformance.ResponseAssert.assertThat;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.testkit.OwnCertificate;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import javax.net.ssl.SSLContext;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server with a certificate of its own, as docs/operations.md sets it up. */
@Tag("process")
@Timeout(value = 90, unit = SECONDS)
class TlsIT {

    @TempDir
    private static Path dir;

    private static NarwhalProcess server;
    private static SSLContext tls;
    private static URI files;

    @BeforeAll
    static void start() throws Exception {
        TusServer.assumeOwn();
        OwnCertificate certificate = OwnCertificate.in(dir);
        tls = certificate.trusting();
        server = NarwhalProcess.launch(
                dir.resolve("data"),
                "--server.ssl.key-store=" + certificate.keyStore(),
                "--server.ssl.key-store-password=" + certificate.password());
        files = URI.create("https://127.0.0.1:" + server.port() + "/files");
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .until(() -> !server.isAlive() || server.log().contains("is ready"));
    }

    @AfterAll
    static void stop() throws IOException {
        if (server != null) {
            server.close();
        }
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("Over TLS client and server agree on HTTP/2, and an upload goes through")
    void tls_agreesOnHttp2() throws IOException {
        byte[] content = new byte[2_000_000];
        new Random(7).nextBytes(content);
        TusClient tus = new TusClient(files);
        try (Http2Connection http = Http2Connection.openTls(files, tls)) {
            RawResponse created = http.exchange(tus.post(content.length));
            assertThat(created).hasStatus(201);
            URI upload = created.location(files);
            assertThat(http.exchange(tus.patch(upload, 0).body(content)))
                    .hasStatus(204)
                    .hasHeader("Upload-Offset", "2000000");
            assertThat(http.exchange(RawRequest.of("GET", upload)).body()).isEqualTo(content);
        }
    }

    @Test
    @Item(
            value = {},
            level = I)
    @DisplayName("Over TLS a client that knows only HTTP/1.1 is served")
    void tls_servesHttp1() throws Exception {
        try (HttpClient http = HttpClient.newBuilder()
                .sslContext(tls)
                .version(HttpClient.Version.HTTP_1_1)
                .build()) {
            HttpRequest options = HttpRequest.newBuilder(files)
                    .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                    .build();
            assertThat(http.send(options, BodyHandlers.discarding()).headers().firstValue("Tus-Version"))
                    .hasValue("1.0.0");
        }
    }
}
