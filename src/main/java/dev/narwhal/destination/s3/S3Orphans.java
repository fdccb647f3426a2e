package dev.narwhal.destination.s3;

import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.DeliveryJournal;
import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.DestinationException.Failure;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Multipart uploads that nobody names: of an attempt that died between creating one and recording it, or of a proxy that asked
 * the store twice. Only under a key that has the upload's id in it are all of them surely ours. They go before an object is
 * there, since some stores remove the object, too, that an aborted multipart upload was to become.
 */
final class S3Orphans {

    private static final Logger log = LoggerFactory.getLogger(S3Orphans.class);

    private final String prefix;
    private final S3Objects objects;

    /** @param prefix of the settings, for sentences */
    S3Orphans(String prefix, S3Objects objects) {
        this.prefix = prefix;
        this.objects = objects;
    }

    /** After a multipart upload was begun: others that the store has begun for the same request, as far as it tells. */
    void abortDuplicates(DeliveryJob job, DeliveryJournal journal) {
        try {
            abortAll(job, journal);
        } catch (SdkException e) {
            log.debug("delivery.duplicates-unknown upload={} because={}", job.uploadId(), e.getMessage());
        }
    }

    /**
     * What earlier attempts have left. A store that forbids the question stands in nobody's way.
     *
     * @param patient true to fail, and so to wait, for a store in trouble
     */
    void abort(DeliveryJob job, DeliveryJournal journal, boolean patient) throws DestinationException {
        try {
            abortAll(job, journal);
        } catch (SdkException e) {
            DestinationException failure = S3Failures.classify(
                    prefix, "What earlier attempts have left of '" + job.key() + "' could not be removed", e);
            if (patient && failure.failure() == Failure.RETRYABLE) {
                throw failure;
            }
            log.warn("delivery.orphans-kept upload={} because={}", job.uploadId(), failure.getMessage());
        }
    }

    /** All but the one that the journal names. */
    private void abortAll(DeliveryJob job, DeliveryJournal journal) {
        if (job.plan().isSingle() || !job.key().contains(job.uploadId())) {
            return;
        }
        Optional<String> ours = journal.handle().flatMap(S3Multipart::parse).map(S3Multipart::id);
        objects.multipartIds(job.key()).stream()
                .filter(id -> !ours.equals(Optional.of(id)))
                .forEach(id -> objects.abort(job.key(), id));
    }
}
