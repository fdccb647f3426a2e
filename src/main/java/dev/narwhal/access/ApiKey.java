package dev.narwhal.access;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An API key, without its secret.
 *
 * @param id 12 hexadecimal digits, part of the key's text
 * @param owner owner of the uploads that are created with it; not empty
 * @param scopes what it allows; at least one
 * @param limits how much may be used with it
 * @param life when it was created, and until when it is valid
 */
public record ApiKey(String id, String owner, Set<Role> scopes, Limits limits, Life life) {

    static final String CREDENTIAL = "key:";

    /** Stands before the id of the key that a browser's session acts for, where others name who made them. */
    static final String SESSION = "session:";

    public ApiKey {
        if (!OwnerName.isUsable(owner)) {
            throw new IllegalArgumentException(
                    "An API key needs an owner of 1 to 200 characters, none of them a control character");
        }
        if (scopes.isEmpty()) {
            throw new IllegalArgumentException("An API key needs at least one scope");
        }
        scopes = Set.copyOf(scopes);
    }

    /**
     * @param createdBy who made it: an owner, or {@code machine} for the command line
     * @param expiresAt null for a key without an end
     * @param revokedAt null for a key in force
     * @param previousUntil until when the secret before the last rotation is valid; null when there is none
     */
    public record Life(
            Instant createdAt,
            String createdBy,
            @Nullable Instant expiresAt,
            @Nullable Instant revokedAt,
            @Nullable Instant previousUntil) {}

    /** The id of the key that {@link Caller#credential()} names. */
    public static String idOf(String credential) {
        return credential.substring(CREDENTIAL.length());
    }

    public boolean isRevoked() {
        return life.revokedAt() != null;
    }

    public boolean isExpired(Instant now) {
        return life.expiresAt() != null && !now.isBefore(life.expiresAt());
    }

    boolean isSession() {
        return life.createdBy().startsWith(SESSION);
    }

    /** The id of the key that this session acts for. */
    String keyOfSession() {
        return life.createdBy().substring(SESSION.length());
    }

    /** As {@link dev.narwhal.upload.UploadTerms#credential()} names it. */
    public String credential() {
        return CREDENTIAL + id;
    }

    Caller caller() {
        return Caller.of(owner, scopes, limits, credential());
    }
}
