package dev.narwhal.access.jwt;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSelector;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.io.IOException;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The issuer's keys, fetched when the first token comes, every few minutes, and for a token with a key that is not known: one
 * request at a time, and one in a second. While the issuer is away, the known keys go on.
 */
final class IssuerKeys implements JWKSource<SecurityContext> {

    private static final Logger log = LoggerFactory.getLogger(IssuerKeys.class);
    private static final long FRESH = Duration.ofMinutes(5).toNanos();
    private static final long PAUSE = Duration.ofSeconds(1).toNanos();
    private static final long PAUSE_AFTER_FAILURE = Duration.ofSeconds(5).toNanos();

    private final KeySource source;
    private final ReentrantLock fetching = new ReentrantLock();
    private volatile State state = new State(null, 0, 0, true);

    IssuerKeys(KeySource source) {
        this.source = source;
    }

    static JWKSource<SecurityContext> of(JwtProperties properties) {
        if (properties.publicKey() == null) {
            return new IssuerKeys(new KeySource(properties));
        }
        // The only key, whatever the token calls it.
        List<JWK> only = List.of(key(PublicKeyFile.read(properties.publicKey())));
        return (selector, context) -> only;
    }

    private static JWK key(PublicKey key) {
        return switch (key) {
            case RSAPublicKey rsa -> new RSAKey.Builder(rsa).build();
            case ECPublicKey ec -> new ECKey.Builder(Curve.forECParameterSpec(ec.getParams()), ec).build();
            default -> throw new IllegalArgumentException("narwhal.access.jwt.public-key is neither RSA nor EC");
        };
    }

    /**
     * @param keys null before the first answer of the issuer
     * @param fetchedAt when it gave them
     * @param triedAt when it was asked last
     * @param isReachable whether it answered then
     */
    private record State(@Nullable JWKSet keys, long fetchedAt, long triedAt, boolean isReachable) {

        boolean isTriedJustNow() {
            return triedAt != 0 && System.nanoTime() - triedAt < (isReachable ? PAUSE : PAUSE_AFTER_FAILURE);
        }

        boolean isOld() {
            return keys != null && System.nanoTime() - fetchedAt > FRESH;
        }

        List<JWK> select(JWKSelector selector) {
            return keys == null ? List.of() : selector.select(keys);
        }
    }

    /** @throws KeySourceException when none fits, and the issuer cannot be asked */
    @Override
    public List<JWK> get(JWKSelector selector, @Nullable SecurityContext context) throws KeySourceException {
        State now = state;
        List<JWK> found = now.select(selector);
        if (!found.isEmpty()) {
            if (now.isOld() && !now.isTriedJustNow()) {
                Thread.ofVirtual().name("issuer-keys").start(() -> refresh(now));
            }
            return found;
        }
        State fresh = refresh(now);
        found = fresh.select(selector);
        if (found.isEmpty() && !fresh.isReachable()) {
            throw new KeySourceException("The issuer's keys cannot be fetched", null);
        }
        return found;
    }

    /** Asks the issuer, unless somebody has since the given state, or a moment ago. */
    private State refresh(State before) {
        fetching.lock();
        try {
            State now = state;
            if (now != before || now.isTriedJustNow()) {
                return now;
            }
            state = fetch(now);
            return state;
        } finally {
            fetching.unlock();
        }
    }

    private State fetch(State before) {
        try {
            JWKSet keys = source.fetch();
            long now = System.nanoTime();
            return new State(keys, now, now, true);
        } catch (IOException e) {
            log.warn("access.issuer-unreachable the keys of the issuer of tokens cannot be fetched: {}", e.toString());
            return new State(before.keys(), before.fetchedAt(), System.nanoTime(), false);
        }
    }
}
