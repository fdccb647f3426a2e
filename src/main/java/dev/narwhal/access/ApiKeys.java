package dev.narwhal.access;

import dev.narwhal.http.HttpError;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
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

    /** All keys, the revoked ones too, the newest first; no sessions. */
    public List<ApiKey> all() {
        return repository.all();
    }

    /** A key by its id, as the database has it now. */
    public Optional<ApiKey> find(String id) {
        return repository.find(id).map(StoredKey::key).filter(key -> !key.isSession());
    }

    /** @return false when there is no such key in force */
    public boolean revoke(String id) {
        boolean revoked = repository.revoke(id, clock.instant());
        cache.forget(id);
        return revoked;
    }

    /**
     * Begins a browser's session: a key of its own, with an early end, which acts for the key that was shown and ends with it.
     *
     * @param text of a key
     * @throws AccessRefusedException when that key is not valid
     */
    public Created beginSession(String text, Duration life) throws AccessRefusedException {
        ApiKey key = valid(text).stored().key();
        if (key.isSession()) {
            throw refused(HttpError.CREDENTIALS_INVALID);
        }
        Instant now = clock.instant();
        repository.removeSessionsBefore(now);
        Instant end = key.life().expiresAt();
        Duration rest = end == null ? life : Duration.between(now, end);
        Duration shorter = rest.compareTo(life) < 0 ? rest : life;
        return create(key.owner(), key.scopes(), key.limits(), shorter, ApiKey.SESSION + key.id());
    }

    /** Ends a session, if it is one. */
    public void endSession(String text) {
        KeyText.parse(text).filter(this::isSession).ifPresent(session -> revoke(session.id()));
    }

    private boolean isSession(KeyText text) {
        Optional<Known> known = cache.get(text.id());
        return known.isPresent()
                && known.get().stored().key().isSession()
                && known.get().stored().accepts(text.hash(), clock.instant());
    }

    /** The caller behind the text of a session: that of its key. */
    Caller callerOfSession(String text) throws AccessRefusedException {
        ApiKey session = valid(text).stored().key();
        if (!session.isSession()) {
            throw refused(HttpError.CREDENTIALS_INVALID);
        }
        Known key = cache.get(session.keyOfSession()).orElseThrow(() -> refused(HttpError.CREDENTIALS_INVALID));
        requireInForce(key.stored().key());
        return key.caller();
    }

    /** The caller behind the text of a key. */
    Caller authenticate(String token) throws AccessRefusedException {
        Known known = valid(token);
        if (known.stored().key().isSession()) {
            throw refused(HttpError.CREDENTIALS_INVALID);
        }
        return known.caller();
    }

    private Known valid(String token) throws AccessRefusedException {
        KeyText text = KeyText.parse(token).orElseThrow(() -> refused(HttpError.CREDENTIALS_INVALID));
        String hash = text.hash();
        Known known = cache.get(text.id()).orElseThrow(() -> refused(HttpError.CREDENTIALS_INVALID));
        if (!known.stored().accepts(hash, clock.instant())) {
            throw refused(HttpError.CREDENTIALS_INVALID);
        }
        requireInForce(known.stored().key());
        return known;
    }

    private void requireInForce(ApiKey key) throws AccessRefusedException {
        if (key.isRevoked()) {
            throw refused(HttpError.CREDENTIALS_INVALID);
        }
        if (key.isExpired(clock.instant())) {
            throw refused(HttpError.CREDENTIALS_EXPIRED);
        }
    }

    /** The key, if it was not revoked, expired or not. At most one statement in two seconds. */
    public Optional<ApiKey> inForce(String id) {
        return cache.get(id).map(known -> known.stored().key()).filter(key -> !key.isRevoked());
    }

    /** True when the key was revoked, or is not there any more. Not for one that has only expired. */
    boolean isRevoked(String id) {
        return inForce(id).isEmpty();
    }

    private static AccessRefusedException refused(HttpError error) {
        return new AccessRefusedException(error);
    }
}
