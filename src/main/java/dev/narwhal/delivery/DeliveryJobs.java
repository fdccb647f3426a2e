package dev.narwhal.delivery;

import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.OnConflict;
import dev.narwhal.destination.PartPlan;
import dev.narwhal.upload.Upload;
import java.util.List;
import java.util.Objects;

/** Says what is to be delivered, from an upload's rows. */
final class DeliveryJobs {

    private final KeyTemplate template;
    private final List<String> metadataKeys;
    private final OnConflict onConflict;

    DeliveryJobs(KeyTemplate template, List<String> metadataKeys, OnConflict onConflict) {
        this.template = template;
        this.metadataKeys = metadataKeys;
        this.onConflict = onConflict;
    }

    String keyOf(Upload upload) {
        return template.keyOf(upload);
    }

    PartPlan planOf(Upload upload) {
        return PartPlan.of(length(upload));
    }

    /** Under the key and the plan of the row: those never follow a setting that has changed meanwhile. */
    DeliveryJob of(Upload upload, DeliveryRow row, long attempt) {
        return new DeliveryJob(
                upload.id().value(),
                row.key(),
                new PartPlan(length(upload), row.partSize()),
                upload.contentType(),
                upload.filename(),
                ClientMetadata.values(upload.metadata(), metadataKeys),
                onConflict,
                attempt);
    }

    private static long length(Upload upload) {
        return Objects.requireNonNull(upload.length(), "A finished upload has a length");
    }
}
