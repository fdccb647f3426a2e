package dev.narwhal.access.jwt;

import dev.narwhal.access.AccessRefusedException;
import dev.narwhal.access.BearerTokens;
import dev.narwhal.access.Caller;
import dev.narwhal.http.HttpError;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Remembers valid tokens for a few seconds by their SHA-256, so that an upload in many requests costs one signature check in
 * five seconds. Others are not remembered: a guesser cannot fill the memory.
 */
final class IssuedTokens implements BearerTokens {

    private static final Duration REMEMBERED = Duration.ofSeconds(5);
    private static final int MOST = 10_000;

    private final JwtProperties properties;
    private final Clock clock;
    private final Map<String, Known> known = new ConcurrentHashMap<>();
    private volatile @Nullable TokenCheck check;

    IssuedTokens(JwtProperties properties, Clock clock) {
        this.properties = properties;
        this.clock = clock;
    }

    private record Known(Caller caller, long readAt, Instant end) {

        boolean isUsable(Instant now) {
            return System.nanoTime() - readAt < REMEMBERED.toNanos() && now.isBefore(end);
        }
    }

    @Override
    public Caller authenticate(String token) throws AccessRefusedException {
        String hash = hash(token);
        Known before = known.get(hash);
        if (before != null && before.isUsable(clock.instant())) {
            return before.caller();
        }
        long now = System.nanoTime();
        Token valid = check().validate(token);
        if (!clock.instant().isBefore(valid.end())) {
            known.remove(hash);
            throw new AccessRefusedException(HttpError.CREDENTIALS_EXPIRED);
        }
        if (known.size() >= MOST) {
            known.clear();
        }
        known.put(hash, new Known(valid.caller(), now, valid.end()));
        return valid.caller();
    }

    /** Made for the first token: its libraries would slow the start down. */
    private TokenCheck check() {
        TokenCheck made = check;
        if (made == null) {
            synchronized (this) {
                made = check;
                if (made == null) {
                    made = TokenCheck.of(properties, clock);
                    check = made;
                }
            }
        }
        return made;
    }

    private static String hash(String token) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(token.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
