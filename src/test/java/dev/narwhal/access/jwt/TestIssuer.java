package dev.narwhal.access.jwt;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import no.nav.security.mock.oauth2.MockOAuth2Server;
import no.nav.security.mock.oauth2.OAuth2Config;
import no.nav.security.mock.oauth2.token.KeyProvider;
import no.nav.security.mock.oauth2.token.OAuth2TokenProvider;

/** An OpenID provider on loopback, on a port that stays the same, whose keys change when a test says so. */
final class TestIssuer implements AutoCloseable {

    private static final String NAME = "whales";

    private final int port;
    private final Keys keys;
    private MockOAuth2Server server;

    TestIssuer(JWSAlgorithm algorithm) throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        keys = new Keys(algorithm);
        server = newServer();
    }

    private MockOAuth2Server newServer() {
        return new MockOAuth2Server(new OAuth2Config(false, null, null, false, new OAuth2TokenProvider(keys)));
    }

    void start() throws IOException {
        server = newServer();
        server.start(InetAddress.getLoopbackAddress(), port);
    }

    void stop() {
        server.shutdown();
    }

    void rotate() {
        keys.rotate();
    }

    JWK key() {
        return keys.signingKey("");
    }

    String uri() {
        return "http://localhost:" + port + "/" + NAME;
    }

    String keysUri() {
        return uri() + "/jwks";
    }

    /** Also while the issuer is stopped. */
    String token(String subject, String scope) {
        return token(Map.of("sub", subject, "scope", scope), Duration.ofMinutes(5));
    }

    String token(Map<String, Object> claims, Duration lifetime) {
        return token(claims, Instant.now(), lifetime);
    }

    String token(Map<String, Object> claims, Instant issuedAt, Duration lifetime) {
        Map<String, Object> all = new HashMap<>(Map.of("iss", uri(), "aud", List.of("narwhal")));
        all.putAll(claims);
        return new OAuth2TokenProvider(keys, issuedAt).jwt(all, lifetime, NAME).serialize();
    }

    @Override
    public void close() {
        server.shutdown();
    }

    private static final class Keys extends KeyProvider {

        private final JWSAlgorithm algorithm;
        private int number;
        private volatile JWK current;

        Keys(JWSAlgorithm algorithm) {
            super(List.of(), algorithm.getName());
            this.algorithm = algorithm;
            this.current = next();
        }

        void rotate() {
            current = next();
        }

        private JWK next() {
            String id = "key-" + ++number;
            try {
                return JWSAlgorithm.Family.EC.contains(algorithm)
                        ? new ECKeyGenerator(Curve.P_256)
                                .algorithm(algorithm)
                                .keyID(id)
                                .generate()
                        : new RSAKeyGenerator(2048)
                                .algorithm(algorithm)
                                .keyID(id)
                                .generate();
            } catch (JOSEException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public JWK signingKey(String issuer) {
            return current;
        }
    }
}
