package dev.narwhal.access;

import dev.narwhal.http.HttpError;
import dev.narwhal.upload.UploadEvent;
import dev.narwhal.upload.UploadKind;
import dev.narwhal.upload.UploadListener;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Makes and revokes upload URLs, finds the caller behind one, and counts their uses: in the transaction that adds the
 * upload, so that two clients cannot both have the last one. A URL is looked up at most once in two seconds.
 */
public final class UploadUrls implements UploadListener {

    /** Partials for each use: a client that sends a file in parallel makes some. */
    private static final int PARTIALS = 256;

    private static final Duration BETWEEN_CLEANUPS = Duration.ofHours(1);
    private static final Duration UNUSED_KEPT = Duration.ofDays(7);
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int TOKEN_BYTES = 32;
    private static final int ID_BYTES = 6;

    private final UploadUrlRepository repository;
    private final ApiKeys keys;
    private final Clock clock;
    private final ShortCache<UploadUrl> byHash;
    private final ShortCache<UploadUrl> byId;
    private final AtomicLong cleanedAt;

    public UploadUrls(UploadUrlRepository repository, ApiKeys keys, Clock clock) {
        this.repository = repository;
        this.keys = keys;
        this.cleanedAt = new AtomicLong(clock.millis());
        this.clock = clock;
        this.byHash = new ShortCache<>(repository::findByToken);
        this.byId = new ShortCache<>(repository::find);
    }

    /**
     * A URL that was just made. The token is shown once and kept nowhere.
     *
     * @param token 43 characters of base64url
     */
    public record Created(UploadUrl url, String token) {

        @Override
        public String toString() {
            return "Created[" + url + "]";
        }
    }

    /**
     * @param maker whose limits apply, and whose revocation ends the URL
     * @param owner of what is created
     * @param startBy no upload begins later
     * @param maxUses uploads that it may create, at least 1; null for any number
     */
    public Created create(
            Caller maker, String owner, UploadUrl.Grant grant, Instant startBy, @Nullable Integer maxUses) {
        String token = newToken();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        UploadUrl.Life life = new UploadUrl.Life(
                now,
                Objects.requireNonNullElse(maker.actor(), ""),
                startBy.truncatedTo(ChronoUnit.MICROS),
                maxUses,
                0,
                null);
        UploadUrl url = new UploadUrl(Secret.hex(ID_BYTES), owner, UploadUrl.issuer(maker, owner), grant, life);
        removeUnused(now);
        repository.add(url, Secret.hash(token));
        return new Created(url, token);
    }

    /** Now and then; what is over stays for some days, since people look for the reason of a 410. */
    private void removeUnused(Instant now) {
        long last = cleanedAt.get();
        boolean due = now.toEpochMilli() - last > BETWEEN_CLEANUPS.toMillis();
        if (due && cleanedAt.compareAndSet(last, now.toEpochMilli())) {
            repository.removeUnused(now.minus(UNUSED_KEPT));
        }
    }

    private static String newToken() {
        byte[] random = new byte[TOKEN_BYTES];
        RANDOM.nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    /**
     * Gives the URL a second token beside its first, since the answer with that one may have been lost. A later call replaces
     * the second one.
     *
     * @return empty when there is no such URL in force
     */
    public Optional<String> secondToken(String credential) {
        String token = newToken();
        String id = UploadUrl.idOf(credential);
        return repository.addToken(id, Secret.hash(token)) ? Optional.of(token) : Optional.empty();
    }

    /** @return false when there is no such URL in force */
    public boolean revoke(String id) {
        boolean revoked = repository.revoke(id, clock.instant());
        // Which token has this id is unknown here.
        forget();
        return revoked;
    }

    /** Asks the database again at the next requests. */
    public void forget() {
        byId.forgetAll();
        byHash.forgetAll();
    }

    /**
     * The caller that has the URL, for a creation. Whether it may begin yet another upload is asked later, since the creation
     * may be the repetition of one that is done.
     */
    public Caller creating(String token, @Nullable String origin) throws AccessRefusedException {
        UploadUrl url = known(token);
        String only = url.grant().origin();
        if (only != null && !only.equals(origin)) {
            throw new AccessRefusedException(HttpError.ORIGIN_REFUSED);
        }
        return caller(url);
    }

    /** @throws AccessRefusedException when the URL may create no more. What decides is the transaction of the creation */
    public void requireBeginning(String token) throws AccessRefusedException {
        if (!known(token).mayBegin(clock.instant())) {
            throw new AccessRefusedException(HttpError.UPLOAD_URL_OVER);
        }
    }

    /**
     * The caller that has the URL, for an upload that it has created.
     *
     * @param origin null for a request that states none, such as the HEAD of a page of the same origin
     */
    public Caller resuming(String token, @Nullable String origin) throws AccessRefusedException {
        UploadUrl url = known(token);
        String only = url.grant().origin();
        if (only != null && origin != null && !only.equals(origin)) {
            throw new AccessRefusedException(HttpError.ORIGIN_REFUSED);
        }
        return caller(url);
    }

    /** The key that has made the URL limits it, and ends it when it is revoked. */
    private Caller caller(UploadUrl url) throws AccessRefusedException {
        String key = url.issuingKey();
        if (key == null) {
            return url.caller(Limits.NONE);
        }
        return url.caller(keys.inForce(key)
                .orElseThrow(() -> new AccessRefusedException(HttpError.UPLOAD_URL_OVER))
                .limits());
    }

    /** A token that never was gets the answer of one that is over: its row may have gone since. */
    private UploadUrl known(String token) throws AccessRefusedException {
        return byHash.get(Secret.hash(token))
                .filter(url -> !url.isRevoked())
                .orElseThrow(() -> new AccessRefusedException(HttpError.UPLOAD_URL_OVER));
    }

    boolean isRevoked(String credential) {
        return byId.get(UploadUrl.idOf(credential))
                .filter(url -> !url.isRevoked())
                .filter(url -> url.issuingKey() == null || !keys.isRevoked(url.issuingKey()))
                .isEmpty();
    }

    /** @throws UploadUrlOverException when the URL may not create any more */
    @Override
    public void changed(UploadEvent event) {
        String credential = event.now().terms().credential();
        if (credential == null || !UploadUrl.isNamedBy(credential)) {
            return;
        }
        String id = UploadUrl.idOf(credential);
        boolean partial = event.now().kind() == UploadKind.PARTIAL;
        if (event.type() == UploadEvent.Type.CREATED) {
            use(id, partial ? PARTIALS : 0);
        } else if (event.type() == UploadEvent.Type.FORGOTTEN && !partial) {
            repository.removeSpent(id);
        }
    }

    private void use(String id, int partials) {
        if (!repository.use(id, partials, clock.instant())) {
            throw new UploadUrlOverException();
        }
    }
}
