package dev.narwhal.api.uploads;

import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadKind;
import dev.narwhal.upload.UploadMetadata;
import dev.narwhal.upload.UploadState;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Everything about one upload.
 *
 * @param length bytes; null while the client has not declared it
 * @param offset durable bytes
 * @param metadata decoded
 * @param uploadMetadata the Upload-Metadata header as the client sent it
 * @param credential the key or the upload URL that created it; null where access was open
 * @param sha256 of the whole file; null while it is not computed
 * @param delivery null while there is none
 * @param partials of a final, in their order
 * @param finals that are made of this partial
 * @param timeline what has happened, the earliest first
 */
record UploadDetail(
        String id,
        String owner,
        UploadKind kind,
        UploadState state,
        @Nullable String filename,
        @Nullable String contentType,
        @Nullable Long length,
        long offset,
        Map<String, String> metadata,
        @Nullable String uploadMetadata,
        @Nullable String uploadConcat,
        @Nullable String credential,
        Instant createdAt,
        Instant updatedAt,
        @Nullable Instant finishedAt,
        @Nullable Instant expiresAt,
        @Nullable String sha256,
        @Nullable DeliveryDetail delivery,
        List<Linked> partials,
        List<Linked> finals,
        List<TimelineEntry> timeline) {

    /** Another upload that this one is made of, or that is made of it. */
    record Linked(String id, String state, @Nullable Long length, long offset) {}

    static UploadDetail of(
            Upload upload,
            @Nullable DeliveryDetail delivery,
            List<Linked> partials,
            List<Linked> finals,
            List<TimelineEntry> timeline) {
        return new UploadDetail(
                upload.id().value(),
                upload.owner(),
                upload.kind(),
                upload.state(),
                upload.filename(),
                upload.contentType(),
                upload.length(),
                upload.offset(),
                UploadMetadata.of(upload.metadata()).pairs(),
                upload.metadata(),
                upload.concat(),
                upload.terms().credential(),
                upload.createdAt(),
                upload.updatedAt(),
                upload.finishedAt(),
                upload.expiresAt(),
                delivery == null ? null : delivery.sha256(),
                delivery,
                partials,
                finals,
                timeline);
    }
}
