package dev.narwhal.delivery;

import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.Destination;
import dev.narwhal.destination.Destinations;
import dev.narwhal.destination.OnConflict;
import dev.narwhal.destination.PartPlan;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadMetadata;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Builds the job of a delivery, its destination, key and parts, from the upload's rows and the settings. */
final class DeliveryJobs {

    private final Destinations destinations;
    private final Map<String, DeliveryTarget> targets;
    private final List<DeliveryRule> rules;
    private final OnConflict onConflict;

    /**
     * @param targets one for each destination, by its name
     * @param rules each names one of these destinations
     */
    DeliveryJobs(
            Destinations destinations,
            Map<String, DeliveryTarget> targets,
            List<DeliveryRule> rules,
            OnConflict onConflict) {
        this.destinations = destinations;
        this.targets = Map.copyOf(targets);
        this.rules = List.copyOf(rules);
        this.onConflict = onConflict;
    }

    /**
     * The destination that the rules choose. It is stored with the delivery. With the same rules an upload always gets the same
     * destination.
     */
    String destinationOf(Upload upload) {
        return rules.stream()
                .filter(rule -> rule.fits(upload))
                .findFirst()
                .map(DeliveryRule::destination)
                .orElse(Destinations.DEFAULT);
    }

    String keyOf(Upload upload, String destination) {
        DeliveryTarget target = Objects.requireNonNull(targets.get(destination), destination);
        return target.template().keyOf(upload);
    }

    PartPlan planOf(Upload upload, String destination) {
        return find(destination).plan(length(upload));
    }

    boolean supportsSendAhead(String destination) {
        return find(destination).takesPartsAhead();
    }

    private Destination find(String name) {
        return destinations.find(name).orElseThrow(() -> new IllegalArgumentException("No destination '" + name + "'"));
    }

    /** Uses the key and the part size of the row, which do not follow later changes of the settings. */
    DeliveryJob of(Upload upload, DeliveryRow row, long attempt) {
        return new DeliveryJob(
                upload.id().value(),
                row.key(),
                new PartPlan(length(upload), row.partSize()),
                upload.contentType(),
                upload.filename(),
                metadata(upload, row.destination()),
                onConflict,
                attempt);
    }

    /**
     * A declared SHA-256 was compared before any byte becomes visible. It is stored with the object whatever the settings say.
     */
    private Map<String, String> metadata(Upload upload, String destination) {
        Map<String, String> kept = new LinkedHashMap<>();
        ClientMetadata.sha256(upload.metadata()).ifPresent(sha256 -> kept.put(UploadMetadata.SHA256, sha256));
        ClientMetadata.values(upload.metadata(), metadataKeys(destination)).forEach(kept::putIfAbsent);
        return kept;
    }

    private List<String> metadataKeys(String destination) {
        DeliveryTarget target = targets.get(destination);
        return target == null ? List.of() : target.metadataKeys();
    }

    private static long length(Upload upload) {
        return Objects.requireNonNull(upload.length(), "A finished upload has a length");
    }
}
