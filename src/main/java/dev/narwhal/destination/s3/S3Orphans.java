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
 * Aborts orphaned multipart uploads: those that the journal does not name. They come from an attempt that died between
 * CreateMultipartUpload and recording its id, or from a proxy that repeated the request. Only if the key contains the upload's
 * id do all of them certainly belong to this upload. Abort them before completing the object: on some stores aborting a
 * multipart upload also deletes an object already created under the same key.
 */
final class S3Orphans {

    private static final Logger log = LoggerFactory.getLogger(S3Orphans.class);

    private final String prefix;
    private final S3Objects objects;

    /** @param prefix of the settings, for messages */
    S3Orphans(String prefix, S3Objects objects) {
        this.prefix = prefix;
        this.objects = objects;
    }

    /** Called after CreateMultipartUpload. Aborts further multipart uploads from the same request, if the store lists them. */
    void abortDuplicates(DeliveryJob job, DeliveryJournal journal) {
        try {
            abortAll(job, journal);
        } catch (SdkException e) {
            log.debug("delivery.duplicates-unknown upload={} because={}", job.uploadId(), e.getMessage());
        }
    }

    /**
     * Aborts the orphans of earlier attempts. Only logs a failure if the store forbids to list or abort them.
     *
     * @param required true to throw a retryable failure, so that the delivery retries later; false only to log it
     */
    void abort(DeliveryJob job, DeliveryJournal journal, boolean required) throws DestinationException {
        try {
            abortAll(job, journal);
        } catch (SdkException e) {
            DestinationException failure = S3Failures.classify(
                    prefix, "What earlier attempts have left of '" + job.key() + "' could not be removed", e);
            if (required && failure.failure() == Failure.RETRYABLE) {
                throw failure;
            }
            log.warn("delivery.orphans-kept upload={} because={}", job.uploadId(), failure.getMessage());
        }
    }

    /** Aborts all multipart uploads of the key except the one in the journal. */
    private void abortAll(DeliveryJob job, DeliveryJournal journal) {
        if (job.plan().isSingle() || !job.key().contains(job.uploadId())) {
            return;
        }
        Optional<String> recorded = journal.handle().flatMap(S3Multipart::parse).map(S3Multipart::id);
        objects.multipartIds(job.key()).stream()
                .filter(id -> !recorded.equals(Optional.of(id)))
                .forEach(id -> objects.abort(job.key(), id));
    }
}
