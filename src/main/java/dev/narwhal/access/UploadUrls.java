package dev.narwhal.access;

import dev.narwhal.http.HttpError;
import dev.narwhal.upload.UploadEvent;
import dev.narwhal.upload.UploadKind;
import dev.narwhal.upload.UploadListener;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes and revokes upload URLs, finds the caller behind one, and counts their uses: in the transaction that adds the
 * upload, so that two clients cannot both have the last one. A URL is looked up at most once in two seconds.
 */
public final class UploadUrls implements UploadListener {

    /** Partials for each use: a client that sends a file in parallel makes some. */
    private static final int PARTIALS = 256;

    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int TOKEN_BYTES = 32;
    private static final int ID_BYTES = 6;

    private final UploadUrlRepository repository;
    private final Clock clock;
    private final ShortCache<Known> byHash;
    private final ShortCache<UploadUrl> byId;

    public UploadUrls(UploadUrlRepository repository, Clock clock) {
        this.repository = repository;
        this.clock = clock;
        this.byHash = new ShortCache<>(hash -> repository.findByToken(hash).map(url -> new Known(url, url.caller())));
        this.byId = new ShortCache<>(repository::find);
    }

    private record Known(UploadUrl url, Caller caller) {}

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
     * @param createdBy who makes it
     * @param startBy no upload begins later
     * @param maxUses uploads that it may create, at least 1; null for any number
     */
    public Created create(
            String owner, UploadUrl.Grant grant, Instant startBy, @Nullable Integer maxUses, String createdBy) {
        String token = newToken();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        UploadUrl.Life life =
                new UploadUrl.Life(now, createdBy, startBy.truncatedTo(ChronoUnit.MICROS), maxUses, 0, null);
        UploadUrl url = new UploadUrl(Secret.hex(ID_BYTES), owner, grant, life);
        repository.add(url, Secret.hash(token));
        return new Created(url, token);
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
        byId.forget(id);
        // Which token has this id is unknown here.
        byHash.forgetAll();
        return revoked;
    }

    /** The caller that has the URL, for a creation. */
    public Caller beginning(String token, @Nullable String origin) throws AccessRefusedException {
        Known known = known(token);
        if (!known.url().mayBegin(clock.instant())) {
            throw new AccessRefusedException(HttpError.UPLOAD_URL_OVER);
        }
        String only = known.url().grant().origin();
        if (only != null && !only.equals(origin)) {
            throw new AccessRefusedException(HttpError.ORIGIN_REFUSED);
        }
        return known.caller();
    }

    /**
     * The caller that has the URL, for an upload that it has created.
     *
     * @param origin null for a request that states none, such as the HEAD of a page of the same origin
     */
    public Caller resuming(String token, @Nullable String origin) throws AccessRefusedException {
        Known known = known(token);
        String only = known.url().grant().origin();
        if (only != null && origin != null && !only.equals(origin)) {
            throw new AccessRefusedException(HttpError.ORIGIN_REFUSED);
        }
        return known.caller();
    }

    /** A token that never was gets the answer of one that is over: its row may have gone since. */
    private Known known(String token) throws AccessRefusedException {
        Known known =
                byHash.get(Secret.hash(token)).orElseThrow(() -> new AccessRefusedException(HttpError.UPLOAD_URL_OVER));
        if (known.url().isRevoked()) {
            throw new AccessRefusedException(HttpError.UPLOAD_URL_OVER);
        }
        return known;
    }

    boolean isRevoked(String id) {
        return byId.get(id).filter(url -> !url.isRevoked()).isEmpty();
    }

    /** @throws UploadUrlOverException when the URL may not create any more */
    @Override
    public void changed(UploadEvent event) {
        if (event.type() != UploadEvent.Type.CREATED) {
            return;
        }
        Optional.ofNullable(event.now().terms().credential())
                .filter(UploadUrl::isNamedBy)
                .map(UploadUrl::idOf)
                .ifPresent(id -> use(id, event.now().kind() == UploadKind.PARTIAL ? PARTIALS : 0));
    }

    private void use(String id, int partials) {
        if (!repository.use(id, partials, clock.instant())) {
            throw new UploadUrlOverException();
        }
    }
}
