package dev.narwhal.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.narwhal.testkit.Azurite;
import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.testkit.OwnCertificate;
import dev.narwhal.testkit.PlainTus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The built server comes to Azure's emulator as the managed identity of its machine, of which the machine's metadata service
 * knows: here one that says what Azure's says.
 */
@Tag("azure")
class AzureIdentityIT {

    private static final String CLIENT_ID = "7b1e8d0a-3f42-4c55-9a77-0d2f6c1b9e34";
    private static final byte[] CONTENT = "as whom?".getBytes(UTF_8);

    @TempDir
    private Path dir;

    private final PlainTus tus = new PlainTus();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private OwnCertificate certificate;
    private Azurite azurite;
    private HttpServer metadata;
    private volatile boolean known = true;

    @BeforeEach
    void startStore() throws Exception {
        certificate = OwnCertificate.in(dir);
        azurite = Azurite.start(
                Files.createDirectory(dir.resolve("store")),
                "--oauth=basic",
                "--cert=" + certificate.keyStore(),
                "--pwd=" + certificate.password());
        metadata = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        metadata.createContext("/metadata/identity/oauth2/token", this::answer);
        metadata.start();
    }

    @AfterEach
    void stopStore() {
        tus.close();
        metadata.stop(0);
        azurite.close();
    }

    private void answer(HttpExchange request) throws IOException {
        // Without it somebody only looks whether the service is there.
        boolean asks = "true".equals(request.getRequestHeaders().getFirst("Metadata"));
        if (asks) {
            asked.add(request.getRequestURI().getQuery());
        }
        boolean given = asks && known;
        String refusal = "{\"error\":\"invalid_request\",\"error_description\":\"Identity not found\"}";
        byte[] answer = (given ? token() : refusal).getBytes(UTF_8);
        request.getResponseHeaders().set("Content-Type", "application/json");
        request.sendResponseHeaders(given ? 200 : 400, answer.length);
        request.getResponseBody().write(answer);
        request.close();
    }

    /** The emulator looks at everything in it but the signature. */
    private static String token() {
        long now = Instant.now().getEpochSecond();
        String claims =
                "{\"aud\":\"https://storage.azure.com\",\"iss\":\"https://sts.windows.net/ab1f708d-50f6-404c-a006-d71b2ac7a606/\""
                        + ",\"nbf\":" + (now - 60) + ",\"iat\":" + (now - 60) + ",\"exp\":" + (now + 3600) + "}";
        String token = base64("{\"alg\":\"RS256\",\"typ\":\"JWT\"}") + "." + base64(claims) + "." + base64("signature");
        return "{\"access_token\":\"" + token + "\",\"expires_on\":\"" + (now + 3600)
                + "\",\"resource\":\"https://storage.azure.com\",\"token_type\":\"Bearer\"}";
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
    }

    private NarwhalProcess server(String clientId) throws Exception {
        List<String> java = new ArrayList<>(NarwhalProcess.QUICK_START);
        java.add("-Djavax.net.ssl.trustStore=" + certificate.keyStore());
        java.add("-Djavax.net.ssl.trustStorePassword=" + certificate.password());
        List<String> settings = List.of(
                "--narwhal.destination.type=azure",
                "--narwhal.destination.azure.container=deliveries",
                "--narwhal.destination.azure.create-container=true",
                "--narwhal.destination.azure.client-id=" + clientId,
                "--narwhal.destination.azure.endpoint=" + azurite.endpoint());
        String service = "http://127.0.0.1:" + metadata.getAddress().getPort();
        return NarwhalProcess.start(
                dir.resolve("data"), java, settings, Map.of("AZURE_POD_IDENTITY_AUTHORITY_HOST", service));
    }

    private static ConditionFactory eventually() {
        return Awaitility.await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(20));
    }

    private URI upload(NarwhalProcess server) throws Exception {
        URI upload = tus.create(server.uploads(), CONTENT.length, "file.txt");
        tus.patch(upload, 0, CONTENT);
        return upload;
    }

    @ParameterizedTest
    @ValueSource(strings = {"", CLIENT_ID})
    void managedIdentity_delivers(String clientId) throws Exception {
        try (NarwhalProcess server = server(clientId)) {
            upload(server);

            eventually().until(() -> server.log().contains("verified=FULL_OBJECT_MD5"));

            assertThat(server.log()).contains("destination.container-created").doesNotContain("WARN", "ERROR", "eyJ");
        }
        assertThat(asked)
                .isNotEmpty()
                .allMatch(query -> query.contains("resource=https://storage.azure.com"))
                .allMatch(query -> query.contains("client_id=" + CLIENT_ID) == !clientId.isEmpty());
    }

    @Test
    void managedIdentityThatIsNotThere_waitsUntilItIs() throws Exception {
        try (NarwhalProcess server = server(CLIENT_ID)) {
            server.kill();
            known = false;
            server.restart();
            upload(server);
            eventually().until(() -> server.log().contains("destination.paused destination=default"));
            assertThat(server.log()).contains("destination.unchecked").doesNotContain("\tat ");

            known = true;

            eventually().until(() -> server.log().contains("verified=FULL_OBJECT_MD5"));
        }
    }
}
