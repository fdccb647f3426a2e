package dev.narwhal.upload;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What was agreed on an upload before its client began, by a key, an upload URL or the API. Never changes.
 *
 * @param credential what created the upload, such as {@code key:ID} or {@code url:ID}; null where access was open
 * @param objectKey the object's key at the destination; null when the destination's template makes it
 * @param expireAfter how long an unfinished upload is kept after its last byte, more than 0, whole seconds; null for the
 *     server's setting
 * @param once names the creation for repetitions of it; not stored with the row. Null when it was not named
 */
public record UploadTerms(
        @Nullable String credential,
        @Nullable String objectKey,
        @Nullable Duration expireAfter,
        @Nullable CreationKey once) {

    public static final UploadTerms NONE = new UploadTerms(null, null, null);

    public UploadTerms {
        if (expireAfter != null && expireAfter.toSeconds() <= 0) {
            throw new IllegalArgumentException("An upload is kept for at least a second, not for " + expireAfter);
        }
    }

    public UploadTerms(@Nullable String credential, @Nullable String objectKey, @Nullable Duration expireAfter) {
        this(credential, objectKey, expireAfter, null);
    }

    /** The same, for a creation of that name. */
    public UploadTerms once(@Nullable CreationKey key) {
        return key == null ? this : new UploadTerms(credential, objectKey, expireAfter, key);
    }

    @Nullable
    Long expireSeconds() {
        return expireAfter == null ? null : expireAfter.toSeconds();
    }

    static UploadTerms of(@Nullable String credential, @Nullable String objectKey, @Nullable Long expireSeconds) {
        if (credential == null && objectKey == null && expireSeconds == null) {
            return NONE;
        }
        return new UploadTerms(credential, objectKey, expireSeconds == null ? null : Duration.ofSeconds(expireSeconds));
    }
}
