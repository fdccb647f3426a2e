package dev.narwhal.access.jwt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSAlgorithm;
import dev.narwhal.testkit.PlainTus;
import dev.narwhal.testkit.ServerInProcess;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The issuer comes and goes; or there is only its key. */
class IssuerAwayIT {

    @TempDir
    Path dir;

    @Test
    void issuerThatIsAway_isWaitedFor_andItsKnownKeysGoOn() throws Exception {
        try (TestIssuer issuer = new TestIssuer(JWSAlgorithm.ES256);
                ServerInProcess server = start("--narwhal.access.jwt.jwks-uri=" + issuer.keysUri())) {
            String early = issuer.token("ann", "upload");
            URI some = URI.create(server.uploads() + "/" + "0".repeat(32));

            assertThat(JwtIT.code(JwtIT.post(server, early))).isEqualTo("503 ACCESS_UNAVAILABLE");
            assertThat(PlainTus.with(early).head(some).statusCode()).isEqualTo(423);
            assertThat(PlainTus.with(early).patch(some, 0, new byte[1]).statusCode())
                    .isEqualTo(503);

            issuer.start();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> JwtIT.post(server, early).statusCode() == 201);

            issuer.stop();
            assertThat(JwtIT.post(server, issuer.token("ben", "upload")).statusCode())
                    .isEqualTo(201);
            issuer.rotate();
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> JwtIT.code(JwtIT.post(server, issuer.token("ann", "upload")))
                            .equals("503 ACCESS_UNAVAILABLE"));
        }
    }

    @Test
    void keyInAFile_needsNoIssuer_andClaimsMayBeElsewhere() throws Exception {
        try (TestIssuer issuer = new TestIssuer(JWSAlgorithm.PS256)) {
            Path pem = dir.resolve("issuer.pem");
            byte[] key = issuer.key().toRSAKey().toPublicKey().getEncoded();
            Files.writeString(
                    pem,
                    "-----BEGIN PUBLIC KEY-----\n"
                            + Base64.getMimeEncoder().encodeToString(key)
                            + "\n-----END PUBLIC KEY-----\n");
            try (ServerInProcess server = start(
                    "--narwhal.access.jwt.public-key=" + pem,
                    "--narwhal.access.jwt.owner-claim=email",
                    "--narwhal.access.jwt.roles-claim=realm_access.roles",
                    "--narwhal.access.jwt.roles-prefix=narwhal-")) {
                Map<String, Object> claims = Map.of(
                        "email", "ann@example.org", "realm_access", Map.of("roles", List.of("user", "narwhal-upload")));

                assertThat(JwtIT.post(server, issuer.token(claims, Duration.ofMinutes(1)))
                                .statusCode())
                        .isEqualTo(201);
                assertThat(JwtIT.code(JwtIT.post(server, issuer.token("ann", "narwhal-upload"))))
                        .as("without the claim of the owner")
                        .isEqualTo("401 CREDENTIALS_INVALID");
            }
        }
    }

    private ServerInProcess start(String... settings) {
        String[] all = Arrays.copyOf(settings, settings.length + 2);
        all[settings.length] = "--narwhal.access.mode=closed";
        all[settings.length + 1] = "--narwhal.access.jwt.audience=narwhal";
        return ServerInProcess.start(dir.resolve("data"), all);
    }
}
