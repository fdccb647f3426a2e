package dev.narwhal.ingest;

import dev.narwhal.access.Caller;
import dev.narwhal.upload.UploadDescription;
import dev.narwhal.upload.UploadId;
import java.util.List;

/**
 * A client's request for a final upload.
 *
 * @param caller owner of the final and of its partials
 * @param partials at least one, in order; the same partial may occur several times
 */
public record NewFinal(Caller caller, List<UploadId> partials, UploadDescription description) {

    public NewFinal {
        if (partials.isEmpty()) {
            throw new IllegalArgumentException("A final upload is made of at least one partial");
        }
        partials = List.copyOf(partials);
    }
}
