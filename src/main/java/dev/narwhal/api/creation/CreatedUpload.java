package dev.narwhal.api.creation;

import dev.narwhal.access.UploadUrl;
import dev.narwhal.upload.Upload;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An upload that the API has created.
 *
 * @param url for any tus client, which needs no other credentials; shown once
 * @param uploadUrl id of the upload URL that {@code url} goes through, for its revocation; null where access is open
 */
record CreatedUpload(
        String id,
        String url,
        @Nullable String uploadUrl,
        @Nullable Long length,
        long offset,
        @Nullable Instant expiresAt) {

    static CreatedUpload of(Upload upload, String url) {
        String credential = upload.terms().credential();
        String uploadUrl = credential != null && UploadUrl.isNamedBy(credential) ? UploadUrl.idOf(credential) : null;
        return new CreatedUpload(
                upload.id().value(), url, uploadUrl, upload.length(), upload.offset(), upload.expiresAt());
    }
}
