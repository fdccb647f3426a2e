package dev.narwhal.access.jwt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import dev.narwhal.testkit.PlainTus;
import dev.narwhal.testkit.ServerInProcess;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tokens of an OpenID provider, which says by its metadata where its keys are. */
class JwtIT {

    @TempDir
    static Path dir;

    private static TestIssuer issuer;
    private static ServerInProcess server;

    @BeforeAll
    static void start() throws Exception {
        issuer = new TestIssuer(JWSAlgorithm.RS256);
        issuer.start();
        server = ServerInProcess.start(
                dir.resolve("data"),
                "--narwhal.access.mode=closed",
                "--narwhal.access.jwt.issuer-uri=" + issuer.uri(),
                "--narwhal.access.jwt.audience=narwhal",
                "--narwhal.access.jwt.limits-claim=limits",
                "--narwhal.access.jwt.roles.uploader=upload,read",
                "--narwhal.access.jwt.roles[app:boss]=admin");
    }

    @AfterAll
    static void stop() {
        server.close();
        issuer.close();
    }

    @Test
    void renewedToken_goesOnWithTheUploadsOfItsOwner() throws Exception {
        PlainTus ann = PlainTus.with(issuer.token("ann", "openid upload read"));
        URI upload = ann.create(server.uploads(), 5, "a.txt");
        PlainTus renewed =
                PlainTus.with(issuer.token(Map.of("sub", "ann", "scope", "upload", "n", 2), Duration.ofMinutes(9)));

        assertThat(renewed.patch(upload, 0, "hello".getBytes(UTF_8)).statusCode())
                .isEqualTo(204);
        assertThat(PlainTus.with(issuer.token("ben", "upload read"))
                        .head(upload)
                        .statusCode())
                .isEqualTo(404);
        assertThat(PlainTus.with(issuer.token("root", "app:boss")).offset(upload))
                .isEqualTo(5);
    }

    @Test
    void rolesOfTheToken_decide() throws Exception {
        assertThat(create(issuer.token("ann", "uploader"))).isEqualTo(201);
        assertThat(create(issuer.token(Map.of("sub", "ann", "scope", List.of("x", "upload")), Duration.ofMinutes(5))))
                .isEqualTo(201);
        assertThat(create(issuer.token("ann", "read"))).isEqualTo(403);
        assertThat(create(issuer.token("ann", "openid UPLOAD uploads"))).isEqualTo(403);
    }

    @Test
    void limitsOfTheToken_count() throws Exception {
        Map<String, Object> small = Map.of("sub", "tiny", "scope", "upload", "limits", Map.of("uploadSize", 4));

        assertThat(code(issuer.token(small, Duration.ofMinutes(5)))).isEqualTo("413 UPLOAD_OVER_LIMIT");
        assertFalse(Map.of("limits", Map.of("uploadSize", "4")));
        assertFalse(Map.of("limits", "none"));
    }

    @Test
    void tokenForAnother_isFalse() throws Exception {
        assertFalse(Map.of("aud", List.of("billing")));
        assertFalse(Map.of("aud", List.of()));
        assertFalse(Map.of("iss", issuer.uri() + "/other"));
        assertFalse(Map.of("sub", " "));
        assertFalse(Map.of("sub", "a\nb"));
        assertThat(create(issuer.token(
                        Map.of("sub", "ann", "scope", "upload", "aud", List.of("billing", "narwhal")),
                        Duration.ofMinutes(5))))
                .isEqualTo(201);
    }

    private static void assertFalse(Map<String, Object> claims) throws Exception {
        Map<String, Object> all = new HashMap<>(Map.of("sub", "ann", "scope", "upload"));
        all.putAll(claims);
        assertThat(code(issuer.token(all, Duration.ofMinutes(5))))
                .as("%s", claims)
                .isEqualTo("401 CREDENTIALS_INVALID");
    }

    /** Whoever knows the public key could sign with it as if it were a shared secret. */
    @Test
    void tokenThatTheIssuerHasNotSigned_isFalse() throws Exception {
        String right = issuer.token("ann", "upload");
        JWTClaimsSet claims = SignedJWT.parse(right).getJWTClaimsSet();
        SignedJWT shared = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.HS256)
                        .keyID(issuer.key().getKeyID())
                        .build(),
                claims);
        shared.sign(new MACSigner(issuer.key().toRSAKey().toPublicKey().getEncoded()));
        TestIssuer forger = new TestIssuer(JWSAlgorithm.RS256);
        String[] parts = right.split("\\.");
        String changed = parts[0] + "." + parts[1] + "." + parts[2].substring(1) + "A";

        assertThat(code(new PlainJWT(claims).serialize())).isEqualTo("401 CREDENTIALS_INVALID");
        assertThat(code(shared.serialize())).isEqualTo("401 CREDENTIALS_INVALID");
        assertThat(code(forger.token(claims.getClaims(), Duration.ofMinutes(5))))
                .isEqualTo("401 CREDENTIALS_INVALID");
        assertThat(code(changed)).isEqualTo("401 CREDENTIALS_INVALID");
        assertThat(code(parts[0] + "." + parts[1] + ".")).isEqualTo("401 CREDENTIALS_INVALID");
    }

    @Test
    void expiredToken_isToldFromAFalseOne() throws Exception {
        Map<String, Object> ann = Map.of("sub", "ann", "scope", "upload");
        URI upload = PlainTus.with(issuer.token("ann", "upload")).create(server.uploads(), 10, "a.txt");
        Instant issuedAt = Instant.now().minusSeconds(600);
        String old = issuer.token(ann, issuedAt, Duration.ofSeconds(510));

        assertThat(create(issuer.token(ann, issuedAt, Duration.ofSeconds(570))))
                .as("within the skew")
                .isEqualTo(201);
        assertThat(code(old)).isEqualTo("401 CREDENTIALS_EXPIRED");
        assertThat(PlainTus.with(old).head(upload).statusCode()).isEqualTo(423);
        assertThat(PlainTus.with(old).patch(upload, 0, new byte[5]).statusCode())
                .isEqualTo(423);
    }

    @Test
    void keysThatAreRotated_areFetched_andTheOldOnesAreNoMore() throws Exception {
        String old = issuer.token("ann", "upload");
        assertThat(create(old)).isEqualTo(201);

        issuer.rotate();
        String fresh = issuer.token("ann", "upload");

        await().atMost(Duration.ofSeconds(20)).until(() -> create(fresh) == 201);
        await().atMost(Duration.ofSeconds(20)).until(() -> create(old) == 401);
    }

    private static int create(String token) throws Exception {
        return post(server, token).statusCode();
    }

    private static String code(String token) throws Exception {
        return code(post(server, token));
    }

    static String code(HttpResponse<String> answer) {
        return answer.statusCode() + answer.body().replaceAll("(?s).*\"code\":\"([A-Z_]+)\".*", " $1");
    }

    static HttpResponse<String> post(ServerInProcess server, String token) throws Exception {
        try (PlainTus client = new PlainTus()) {
            return client.send(
                    "POST",
                    server.uploads(),
                    BodyPublishers.noBody(),
                    "Authorization",
                    "Bearer " + token,
                    "Upload-Length",
                    "5");
        }
    }
}
