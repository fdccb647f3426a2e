package dev.narwhal.destination;

import dev.narwhal.destination.DestinationException.Failure;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.Part;

/**
 * One attempt to deliver one object. Whatever the store answers, and also when it does not, the last word has the object
 * itself: with our upload's id in its metadata it is ours and the delivery is done.
 */
final class S3Delivery {

    private static final Logger log = LoggerFactory.getLogger(S3Delivery.class);

    /** How often one attempt begins anew because the store has lost a multipart upload or the key was taken. */
    private static final int ROUNDS = 3;

    private final S3Objects objects;
    private final S3PartSender sender;
    private final ContentSource content;
    private final DeliveryJournal journal;
    private DeliveryJob job;

    /** The multipart upload that the store has lost. Some stores list and take parts of one that is gone. */
    private @Nullable String lost;

    S3Delivery(
            S3Objects objects, S3PartSender sender, DeliveryJob job, ContentSource content, DeliveryJournal journal) {
        this.objects = objects;
        this.sender = sender;
        this.job = job;
        this.content = content;
        this.journal = journal;
    }

    DeliveryReceipt run() throws IOException, DestinationException, DeliveryStoppedException {
        boolean look = job.mayExist();
        for (int round = 0; round < ROUNDS; round++) {
            Optional<DeliveryReceipt> there = look ? settle() : Optional.empty();
            if (there.isEmpty()) {
                there = job.plan().isSingle() ? put() : multipart();
            }
            if (there.isPresent()) {
                return there.get();
            }
            look = true;
        }
        throw new DestinationException(
                Failure.RETRYABLE, "The store did not keep '" + job.key() + "' in " + ROUNDS + " rounds");
    }

    /** Looks at the key. Ours: done. Another's: as the job's {@link OnConflict} says. Empty: go on. */
    private Optional<DeliveryReceipt> settle() throws IOException, DestinationException, DeliveryStoppedException {
        Optional<HeadObjectResponse> found = objects.head(job.key());
        if (found.isEmpty()) {
            return Optional.empty();
        }
        if (S3Verifier.isOurs(job, found.get())) {
            log.info("delivery.adopted upload={} key={}", job.uploadId(), job.key());
            return Optional.of(S3Verifier.verify(job, found.get(), journal.parts(), content, true));
        }
        return switch (job.onConflict()) {
            case OVERWRITE -> Optional.empty();
            case RENAME -> rename();
            case FAIL -> throw conflict();
        };
    }

    private Optional<DeliveryReceipt> rename() throws IOException, DestinationException, DeliveryStoppedException {
        String other = RenamedKey.of(job.key(), job.uploadId());
        if (other.equals(job.key())) {
            throw conflict();
        }
        abortStored();
        goOn(journal.rekeyed(other));
        job = job.withKey(other);
        return settle();
    }

    private DestinationException conflict() {
        abortStored();
        return new DestinationException(
                Failure.FINAL,
                "'" + job.key() + "' exists in bucket " + objects.bucket()
                        + " and is another's (narwhal.delivery.on-conflict is "
                        + job.onConflict().name().toLowerCase(Locale.ROOT) + ")");
    }

    private void abortStored() {
        journal.handle().flatMap(S3Multipart::parse).ifPresent(multipart -> objects.abort(job.key(), multipart.id()));
    }

    private Optional<DeliveryReceipt> put() throws IOException, DestinationException, DeliveryStoppedException {
        goOn(journal.completing(null));
        try {
            sender.transfer(() -> {
                objects.put(job, content);
                return true;
            });
        } catch (SdkException e) {
            return S3Failures.isTaken(e) ? Optional.empty() : adopt(e);
        }
        return Optional.of(verify(List.of(), false));
    }

    private Optional<DeliveryReceipt> multipart() throws IOException, DestinationException, DeliveryStoppedException {
        Optional<S3Multipart> stored = journal.handle()
                .flatMap(S3Multipart::parse)
                .filter(multipart -> !multipart.id().equals(lost));
        Optional<List<Part>> arrived = stored.flatMap(multipart -> objects.parts(job.key(), multipart.id()));
        S3Multipart multipart = arrived.isPresent() ? stored.orElseThrow() : begin();
        try {
            List<SentPart> parts = sender.send(job, multipart, arrived.orElse(List.of()), content, journal);
            goOn(journal.completing(null));
            return complete(multipart, parts);
        } catch (SdkException e) {
            if (!S3Failures.isMultipartLost(e)) {
                throw e;
            }
            log.info("delivery.begins-anew upload={} key={} because={}", job.uploadId(), job.key(), e.getMessage());
            objects.abort(job.key(), multipart.id());
            lost = multipart.id();
            return Optional.empty();
        }
    }

    private S3Multipart begin() throws DeliveryStoppedException {
        S3Multipart multipart = objects.create(job);
        if (!journal.begun(multipart.handle())) {
            // Only we know of it, so nobody else would ever remove it.
            objects.abort(job.key(), multipart.id());
            throw new DeliveryStoppedException("The journal stopped this attempt");
        }
        return multipart;
    }

    private Optional<DeliveryReceipt> complete(S3Multipart multipart, List<SentPart> parts)
            throws IOException, DestinationException {
        try {
            objects.complete(job, multipart, parts);
        } catch (SdkException e) {
            if (S3Failures.isTaken(e)) {
                return Optional.empty();
            }
            if (S3Failures.isMultipartLost(e)) {
                throw e;
            }
            return adopt(e);
        }
        return Optional.of(verify(parts, false));
    }

    /** After an error that may hide a success: ours when it is there, else the error. */
    private Optional<DeliveryReceipt> adopt(SdkException error) throws IOException, DestinationException {
        if (!S3Failures.isOutcomeUnknown(error)) {
            throw error;
        }
        Optional<HeadObjectResponse> found = objects.head(job.key());
        if (found.isEmpty() || !S3Verifier.isOurs(job, found.get())) {
            throw error;
        }
        log.info("delivery.adopted upload={} key={}", job.uploadId(), job.key());
        return Optional.of(S3Verifier.verify(job, found.get(), journal.parts(), content, true));
    }

    private DeliveryReceipt verify(List<SentPart> parts, boolean adopted) throws IOException, DestinationException {
        Optional<HeadObjectResponse> found = objects.head(job.key());
        if (found.isEmpty() || !S3Verifier.isOurs(job, found.get())) {
            throw new DestinationException(
                    Failure.RETRYABLE, "'" + job.key() + "' was written but is not there any more");
        }
        return S3Verifier.verify(job, found.get(), parts, content, adopted);
    }

    private static void goOn(boolean answer) throws DeliveryStoppedException {
        if (!answer) {
            throw new DeliveryStoppedException("The journal stopped this attempt");
        }
    }
}
