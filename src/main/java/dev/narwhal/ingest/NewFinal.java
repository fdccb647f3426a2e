package dev.narwhal.ingest;

import dev.narwhal.access.Caller;
import dev.narwhal.upload.UploadDescription;
import dev.narwhal.upload.UploadId;
import java.util.List;

/**
 * What a client asks for when it makes one upload of several.
 *
 * @param caller who will own it, and owns the partials
 * @param partials at least one, in their order; one may be there several times
 */
public record NewFinal(Caller caller, List<UploadId> partials, UploadDescription description) {

    public NewFinal {
        if (partials.isEmpty()) {
            throw new IllegalArgumentException("A final upload is made of at least one partial");
        }
        partials = List.copyOf(partials);
    }
}
