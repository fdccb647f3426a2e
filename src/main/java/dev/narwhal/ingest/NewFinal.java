package dev.narwhal.ingest;

import dev.narwhal.upload.UploadDescription;
import dev.narwhal.upload.UploadId;
import java.util.List;

/**
 * What a client asks for when it makes one upload of several.
 *
 * @param partials at least one, in their order; one may be there several times
 */
public record NewFinal(String owner, List<UploadId> partials, UploadDescription description) {

    public NewFinal {
        if (partials.isEmpty()) {
            throw new IllegalArgumentException("A final upload is made of at least one partial");
        }
        partials = List.copyOf(partials);
    }
}
