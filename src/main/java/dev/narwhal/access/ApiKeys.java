package dev.narwhal.access;

import dev.narwhal.http.HttpError;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes, rotates and revokes API keys, and finds the caller behind one. A key is looked up in the database at most once
 * in two seconds, so that most requests cost no statement; a revocation takes effect everywhere within five.
 */
public final class ApiKeys {

    private final ApiKeyRepository repository;
    private final Clock clock;
    private final ShortCache<Known> cache;

    public ApiKeys(ApiKeyRepository repository, Clock clock) {
        this.repository = repository;
        this.clock = clock;
        this.cache = new ShortCache<>(id ->
                repository.find(id).map(stored -> new Known(stored, stored.key().caller())));
    }

    private record Known(StoredKey stored, Caller caller) {}

    /**
     * A key that was just made. The text is shown once and kept nowhere.
     *
     * @param text the whole key, as its holder presents it
     */
    public record Created(ApiKey key, String text) {

        @Override
        public String toString() {
            return "Created[" + key + "]";
        }
    }

    /**
     * @param createdBy who makes it: an owner, or {@code machine} for the command line
     * @param lifetime until it expires; null for a key without an end
     */
    public Created create(
            String owner, Set<Role> scopes, Limits limits, @Nullable Duration lifetime, String createdBy) {
        KeyText text = KeyText.create();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        Instant end = lifetime == null ? null : now.plus(lifetime);
        ApiKey key = new ApiKey(text.id(), owner, scopes, limits, new ApiKey.Life(now, createdBy, end, null, null));
        repository.add(key, text.hash());
        return new Created(key, text.text());
    }

    /**
     * Gives the key another secret.
     *
     * @param grace how long the present secret stays valid beside it
     * @return the new text; empty when there is no such key in force
     */
    public Optional<String> rotate(String id, Duration grace) {
        KeyText text = new KeyText(id, Secret.create());
        boolean rotated = repository.rotate(id, text.hash(), clock.instant().plus(grace));
        cache.forget(id);
        return rotated ? Optional.of(text.text()) : Optional.empty();
    }

    /** @return false when there is no such key in force */
    public boolean revoke(String id) {
        boolean revoked = repository.revoke(id, clock.instant());
        cache.forget(id);
        return revoked;
    }

    /** The caller behind the text of a key. */
    Caller authenticate(String token) throws AccessRefusedException {
        KeyText text = KeyText.parse(token).orElseThrow(() -> refused(HttpError.CREDENTIALS_INVALID));
        String hash = text.hash();
        Known known = cache.get(text.id()).orElseThrow(() -> refused(HttpError.CREDENTIALS_INVALID));
        Instant now = clock.instant();
        if (!known.stored().accepts(hash, now) || known.stored().key().isRevoked()) {
            throw refused(HttpError.CREDENTIALS_INVALID);
        }
        if (known.stored().key().isExpired(now)) {
            throw refused(HttpError.CREDENTIALS_EXPIRED);
        }
        return known.caller();
    }

    /** True when the key was revoked, or is not there any more. Not for one that has only expired. */
    boolean isRevoked(String id) {
        return cache.get(id).filter(known -> !known.stored().key().isRevoked()).isEmpty();
    }

    private static AccessRefusedException refused(HttpError error) {
        return new AccessRefusedException(error);
    }
}
