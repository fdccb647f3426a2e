package dev.narwhal.operations;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.OwnCertificate;
import dev.narwhal.testkit.ServerInProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server with a certificate in PEM files, as docs/operations.md sets it up, and another certificate while it runs. */
class TlsReloadIT {

    @TempDir
    @SuppressWarnings("NullAway.Init")
    static Path dir;

    @SuppressWarnings("NullAway.Init")
    private static ServerInProcess server;

    @SuppressWarnings("NullAway.Init")
    private static OwnCertificate first;

    @SuppressWarnings("NullAway.Init")
    private static OwnCertificate second;

    @SuppressWarnings("NullAway.Init")
    private static URI root;

    @BeforeAll
    static void start() throws Exception {
        first = OwnCertificate.in(Files.createDirectory(dir.resolve("first")));
        second = OwnCertificate.in(Files.createDirectory(dir.resolve("second")));
        install(first);
        server = ServerInProcess.start(
                dir.resolve("data"),
                "--server.ssl.bundle=web",
                "--spring.ssl.bundle.pem.web.keystore.certificate=file:" + dir.resolve("tls.crt"),
                "--spring.ssl.bundle.pem.web.keystore.private-key=file:" + dir.resolve("tls.key"),
                "--spring.ssl.bundle.pem.web.keystore.verify-keys=true",
                "--spring.ssl.bundle.pem.web.reload-on-update=true",
                "--spring.ssl.bundle.watch.file.quiet-period=100ms");
        root = URI.create(server.root().toString().replace("http:", "https:"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void install(OwnCertificate certificate) throws Exception {
        move(certificate.keyPem(), "tls.key");
        move(certificate.pem(), "tls.crt");
    }

    private static void move(Path from, String name) throws IOException {
        Path unused = Files.move(from, dir.resolve(name), REPLACE_EXISTING);
    }

    private static SSLSocket connect(SSLContext trusting) throws IOException {
        SSLSocket socket = (SSLSocket) trusting.getSocketFactory().createSocket(root.getHost(), root.getPort());
        socket.setSoTimeout(30_000);
        socket.startHandshake();
        return socket;
    }

    private static boolean isServed(OwnCertificate certificate) throws Exception {
        try (SSLSocket socket = connect(certificate.trusting())) {
            X509Certificate served = (X509Certificate) socket.getSession().getPeerCertificates()[0];
            return served.getSerialNumber().toString(16).equals(certificate.serialNumber());
        } catch (IOException e) {
            return false;
        }
    }

    private static HttpClient client(OwnCertificate certificate, HttpClient.Version version) throws Exception {
        return HttpClient.newBuilder()
                .sslContext(certificate.trusting())
                .version(version)
                .build();
    }

    private static HttpResponse<Void> create(HttpClient http) throws Exception {
        HttpRequest post = HttpRequest.newBuilder(root.resolve("files"))
                .header("Tus-Resumable", "1.0.0")
                .header("Upload-Length", "10")
                .POST(BodyPublishers.noBody())
                .build();
        return http.send(post, BodyHandlers.discarding());
    }

    @Test
    void certificate_isReplaced_andRunningUploadGoesOn() throws Exception {
        URI upload;
        try (HttpClient http = client(first, HttpClient.Version.HTTP_2)) {
            HttpResponse<Void> created = create(http);
            assertThat(created.version()).isEqualTo(HttpClient.Version.HTTP_2);
            assertThat(created.statusCode()).isEqualTo(201);
            upload = root.resolve(created.headers().firstValue("Location").orElseThrow());
        }
        try (SSLSocket running = connect(first.trusting())) {
            running.getOutputStream()
                    .write(("PATCH " + upload.getRawPath() + " HTTP/1.1\r\nHost: " + root.getAuthority()
                                    + "\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Length: 10\r\n"
                                    + "Content-Type: application/offset+octet-stream\r\n\r\nhello")
                            .getBytes(ISO_8859_1));

            install(second);

            Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> isServed(second));
            assertThat(isServed(first)).isFalse();
            running.getOutputStream().write("world".getBytes(ISO_8859_1));
            BufferedReader answer = new BufferedReader(new InputStreamReader(running.getInputStream(), ISO_8859_1));
            assertThat(answer.readLine()).startsWith("HTTP/1.1 204");
        }
        try (HttpClient http = client(second, HttpClient.Version.HTTP_2)) {
            assertThat(create(http).version()).isEqualTo(HttpClient.Version.HTTP_2);
            HttpResponse<String> metrics = get(http, "actuator/prometheus");
            assertThat(metrics.body()).containsPattern("ssl_chain_expiry_seconds\\{[^}]*bundle=\"web\"[^}]*} [1-9]");
        }
    }

    private static HttpResponse<String> get(HttpClient http, String path) throws Exception {
        return http.send(HttpRequest.newBuilder(root.resolve(path)).build(), BodyHandlers.ofString());
    }

    @Test
    void answers_haveSecurityHeaders_andStrictTransportOverTlsAlone() throws Exception {
        OwnCertificate served = isServed(first) ? first : second;
        try (HttpClient http = client(served, HttpClient.Version.HTTP_1_1);
                HttpClient plain = HttpClient.newHttpClient()) {
            for (String path : new String[] {"", "api/v1/uploads", "actuator/health"}) {
                HttpResponse<String> secure = get(http, path);
                assertThat(secure.headers().firstValue("Strict-Transport-Security"))
                        .as(path)
                        .isPresent();
                assertThat(secure.headers().firstValue("X-Content-Type-Options"))
                        .as(path)
                        .hasValue("nosniff");
                HttpResponse<String> open = plain.send(
                        HttpRequest.newBuilder(ServerInProcess.shared().root().resolve(path))
                                .build(),
                        BodyHandlers.ofString());
                assertThat(open.headers().firstValue("Strict-Transport-Security"))
                        .as(path)
                        .isEmpty();
            }
        }
    }
}
