package dev.narwhal.access;

import dev.narwhal.upload.Sight;
import dev.narwhal.upload.UploadTerms;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A URL with which a client without credentials uploads: it creates uploads, and goes on with what it has created. The token
 * in its path is the capability; this record does not know it.
 *
 * @param id 12 hexadecimal digits; names the URL in lists and logs
 * @param owner owner of what it creates; not empty
 * @param issuer the key that it was made with, whose limits and revocation are its own, too; with {@code for:} before it when
 *     the key belongs to another owner, an administrator, whose use is not counted here. Null for none
 * @param grant what it allows
 * @param life when it was made, and until when it may create
 */
public record UploadUrl(String id, String owner, @Nullable String issuer, Grant grant, Life life) {

    static final String CREDENTIAL = "url:";
    private static final String ISSUED = "/";
    private static final String FOR_ANOTHER = "for:";

    public UploadUrl {
        if (!OwnerName.isUsable(owner)) {
            throw new IllegalArgumentException(
                    "An upload URL needs an owner of 1 to 200 characters, none of them a control character");
        }
    }

    /**
     * @param maxSize bytes of each upload; null for the server's limit
     * @param types media types such as {@code image/*}; empty for any
     * @param metadata pairs in the form of Upload-Metadata, which replace the client's; null for none
     * @param objectKey the key of the object at the destination; null when the destination's template makes it
     * @param origin of the pages that may use it, such as {@code https://app.example.org}; null for any
     * @param mayRead whether it also opens downloads of what it has created
     * @param idleAtMost how long an unfinished upload is kept after its last byte; null for the server's setting
     */
    public record Grant(
            @Nullable Long maxSize,
            List<String> types,
            @Nullable String metadata,
            @Nullable String objectKey,
            @Nullable String origin,
            boolean mayRead,
            @Nullable Duration idleAtMost) {

        public Grant {
            types = List.copyOf(types);
        }
    }

    /**
     * @param startBy no upload begins later; one that has begun goes on
     * @param maxUses uploads that it may create; null for any number
     * @param uses uploads that it has created, without partials
     * @param revokedAt null for a URL in force
     */
    public record Life(
            Instant createdAt,
            String createdBy,
            Instant startBy,
            @Nullable Integer maxUses,
            int uses,
            @Nullable Instant revokedAt) {}

    /** As {@link UploadTerms#credential()} names it: the URL, and the key that has made it. */
    public String credential() {
        boolean counts = issuer != null && !issuer.startsWith(FOR_ANOTHER);
        return CREDENTIAL + id + (counts ? ISSUED + issuer : "");
    }

    /** @param owner of what the URL creates */
    static @Nullable String issuer(Caller maker, String owner) {
        String credential = maker.credential();
        return credential == null || owner.equals(maker.owner()) ? credential : FOR_ANOTHER + credential;
    }

    /** The id of the key that has made it; null when none has. */
    @Nullable
    String issuingKey() {
        String key = issuer == null ? null : keyOf(issuer.replaceFirst("^" + FOR_ANOTHER, ""));
        return key == null ? null : ApiKey.idOf(key);
    }

    /** The API key behind what {@link Caller#credential()} names, as it names a key itself; null when there is none. */
    public static @Nullable String keyOf(@Nullable String credential) {
        if (credential == null || credential.startsWith(ApiKey.CREDENTIAL)) {
            return credential;
        }
        int issuer = credential.indexOf(ISSUED);
        return issuer < 0 ? null : keyOf(credential.substring(issuer + ISSUED.length()));
    }

    /** True when what {@link Caller#credential()} names is an upload URL. */
    public static boolean isNamedBy(String credential) {
        return credential.startsWith(CREDENTIAL);
    }

    /** The id of the upload URL that {@link Caller#credential()} names. */
    public static String idOf(String credential) {
        int issuer = credential.indexOf(ISSUED);
        return credential.substring(CREDENTIAL.length(), issuer < 0 ? credential.length() : issuer);
    }

    public boolean isRevoked() {
        return life.revokedAt() != null;
    }

    /** True while uploads may begin. What decides is the statement that counts the use. */
    boolean mayBegin(Instant now) {
        boolean left = life.maxUses() == null || life.uses() < life.maxUses();
        return now.isBefore(life.startBy()) && left && !isRevoked();
    }

    /**
     * The caller that the URL makes of whoever has it: it finds nothing but what the URL has created.
     *
     * @param limits of the key that has made the URL
     */
    public Caller caller(Limits limits) {
        Set<Role> roles = grant.mayRead() ? EnumSet.of(Role.UPLOAD, Role.READ) : EnumSet.of(Role.UPLOAD);
        UploadTerms terms = new UploadTerms(credential(), grant.objectKey(), grant.idleAtMost());
        return new Caller(
                owner,
                Sight.ofCredential(credential()),
                roles,
                limits,
                terms,
                new CreationRules(grant.types(), grant.metadata(), grant.maxSize()));
    }
}
