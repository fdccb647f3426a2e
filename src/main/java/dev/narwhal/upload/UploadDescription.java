package dev.narwhal.upload;

import org.jspecify.annotations.Nullable;

/**
 * What the client said about an upload when it created it.
 *
 * @param metadata the Upload-Metadata header exactly as the client sent it; null when it sent none
 * @param filename decoded from the metadata, for the object's name; null when there is none
 * @param contentType decoded from the metadata, for the object's header; null when there is none
 * @param concat the Upload-Concat header exactly as the client sent it; null for a whole upload
 */
public record UploadDescription(
        @Nullable String metadata,
        @Nullable String filename,
        @Nullable String contentType,
        @Nullable String concat) {

    /**
     * PostgreSQL's text type cannot hold it. Only decoded values can contain it; the metadata keeps the header as the client
     * sent it.
     */
    private static final char NUL = '\0';

    private static final char REPLACEMENT = '\uFFFD';

    /** As the database will return it. */
    UploadDescription stored() {
        return new UploadDescription(metadata, withoutNul(filename), withoutNul(contentType), concat);
    }

    private static @Nullable String withoutNul(@Nullable String text) {
        return text == null ? null : text.replace(NUL, REPLACEMENT);
    }
}
