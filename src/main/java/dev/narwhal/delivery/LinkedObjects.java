package dev.narwhal.delivery;

import dev.narwhal.destination.Destination;
import dev.narwhal.destination.Destinations;
import dev.narwhal.staging.StagedContent;
import dev.narwhal.staging.StagedUploads;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadRepository;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Identifies objects that are links to staged files. An attempt records nothing before it links; so before the staged file of an
 * undelivered upload goes, its identity is recorded, and the object of an attempt that was cut off can be removed by it.
 */
final class LinkedObjects {

    private static final Logger log = LoggerFactory.getLogger(LinkedObjects.class);

    private final Destinations destinations;
    private final StagedUploads staged;
    private final UploadRepository uploads;

    LinkedObjects(Destinations destinations, StagedUploads staged, UploadRepository uploads) {
        this.destinations = destinations;
        this.staged = staged;
        this.uploads = uploads;
    }

    /** The handle of an object that an earlier attempt may have linked; empty when there can be none, or it is recorded. */
    Optional<String> handleOf(DeliveryRow row) {
        if (row.token() == 0 || row.resumeToken() != null || row.status() == DeliveryStatus.DELIVERED) {
            return Optional.empty();
        }
        Optional<Destination> destination = destinations.find(row.destination());
        Optional<Upload> upload =
                uploads.find(row.id()).filter(now -> now.state().isComplete());
        if (destination.isEmpty() || upload.isEmpty()) {
            return Optional.empty();
        }
        try (StagedContent content = staged.open(upload.get())) {
            return destination.get().handleOf(new StagedSource(content));
        } catch (IOException e) {
            log.debug("delivery.handle-unknown upload={} {}", row.id(), e.toString());
            return Optional.empty();
        }
    }
}
