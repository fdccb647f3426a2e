package dev.narwhal.ingest;

import dev.narwhal.upload.UploadId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks for when it makes one upload of several; the fields are those of {@link dev.narwhal.upload.Upload}.
 *
 * @param partials at least one, in their order; one may be there several times
 */
public record NewFinal(
        String owner,
        List<UploadId> partials,
        @Nullable String metadata,
        @Nullable String filename,
        @Nullable String contentType,
        String concat) {

    public NewFinal {
        if (partials.isEmpty()) {
            throw new IllegalArgumentException("A final upload is made of at least one partial");
        }
        partials = List.copyOf(partials);
    }
}
