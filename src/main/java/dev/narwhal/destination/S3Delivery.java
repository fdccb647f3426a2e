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
import software.amazon.awssdk.services.s3.model.Part;

/**
 * One attempt to deliver one object. Whatever the store answers, and also when it does not, the last word has the object
 * itself: with our upload's id in its metadata it is ours and the delivery is done.
 */
final class S3Delivery {

    private static final Logger log = LoggerFactory.getLogger(S3Delivery.class);

    /** How often one attempt begins anew: the store has lost a multipart upload, the key was taken, or there is no condition. */
    private static final int ROUNDS = 4;

    private static final String ANY = "*";

    private final S3Objects objects;
    private final S3PartSender sender;
    private final ContentSource content;
    private final DeliveryJournal journal;
    private DeliveryJob job;

    /** The multipart upload that the store has lost. Some stores list and take parts of one that is gone. */
    private @Nullable String lost;

    /** The key is looked up just before the object is written, since the store does not do it. */
    private boolean unconditional;

    S3Delivery(
            S3Objects objects, S3PartSender sender, DeliveryJob job, ContentSource content, DeliveryJournal journal) {
        this.objects = objects;
        this.unconditional = !objects.dialect().isConditional();
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
        Optional<StoredObject> found = objects.head(job.key());
        if (found.isPresent() && !found.get().isOf(job)) {
            found = objects.look(job.key());
        }
        if (found.isEmpty()) {
            return Optional.empty();
        }
        if (found.get().isOf(job)) {
            log.info("delivery.adopted upload={} key={}", job.uploadId(), job.key());
            return Optional.of(verified(found.get(), journal.parts(), true));
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

    /** After a final failure: nobody may ever come back for the parts. The failure itself is what counts. */
    void discard() {
        try {
            abortStored();
        } catch (SdkException e) {
            log.warn("delivery.orphans-kept upload={} key={} because={}", job.uploadId(), job.key(), e.getMessage());
        }
    }

    private Optional<DeliveryReceipt> put() throws IOException, DestinationException, DeliveryStoppedException {
        goOn(journal.completing(null));
        try {
            sender.transfer(() -> {
                objects.put(job, content, condition());
                return true;
            });
        } catch (SdkException e) {
            return isAnotherRound(e) ? Optional.empty() : adopt(e);
        }
        return Optional.of(written(List.of()));
    }

    /** Null where the job replaces, or the store does not know of conditions. */
    private @Nullable String condition() {
        return unconditional || job.onConflict() == OnConflict.OVERWRITE ? null : ANY;
    }

    /** The key was taken, or the store does not know the condition: look at the key, and decide again. */
    private boolean isAnotherRound(SdkException error) {
        if (condition() != null && objects.dialect().refusesCondition(error)) {
            unconditional = true;
            return true;
        }
        return S3Failures.isTaken(error);
    }

    private Optional<DeliveryReceipt> multipart() throws IOException, DestinationException, DeliveryStoppedException {
        Optional<S3Multipart> stored = journal.handle()
                .flatMap(S3Multipart::parse)
                .filter(multipart -> !multipart.id().equals(lost));
        Optional<List<Part>> arrived = stored.flatMap(multipart -> objects.parts(job.key(), multipart.id()));
        S3Multipart multipart = arrived.isPresent() ? stored.orElseThrow() : begin();
        try {
            List<SentPart> parts = sender.send(job, multipart, arrived.orElse(List.of()), content, journal);
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

    /** The parts that are whole already, of an object that still grows. What the store has lost is begun anew. */
    void sendAhead() throws IOException, DestinationException, DeliveryStoppedException {
        Optional<S3Multipart> stored = journal.handle().flatMap(S3Multipart::parse);
        S3Multipart multipart = stored.isPresent() ? stored.get() : begin();
        try {
            sender.sendAhead(job, multipart, job.plan().partsBelow(content.length()), content, journal);
        } catch (SdkException e) {
            if (!S3Failures.isMultipartLost(e)) {
                throw e;
            }
            log.info("delivery.begins-anew upload={} key={} because={}", job.uploadId(), job.key(), e.getMessage());
            objects.abort(job.key(), multipart.id());
            var unused = begin();
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
            throws IOException, DestinationException, DeliveryStoppedException {
        if (unconditional && job.mayExist()) {
            String key = job.key();
            Optional<DeliveryReceipt> there = settle();
            if (there.isPresent() || !job.key().equals(key)) {
                return there;
            }
        }
        goOn(journal.completing(null));
        try {
            objects.complete(job, multipart, parts, condition());
        } catch (SdkException e) {
            if (isAnotherRound(e)) {
                return Optional.empty();
            }
            if (S3Failures.isMultipartLost(e)) {
                throw e;
            }
            return adopt(e);
        }
        return Optional.of(written(parts));
    }

    private DeliveryReceipt written(List<SentPart> parts) throws IOException, DestinationException {
        if (unconditional) {
            objects.dialect().worksUnconditionally();
        }
        return verify(parts, false);
    }

    /** After an error that may hide a success: ours when it is there, else the error. */
    private Optional<DeliveryReceipt> adopt(SdkException error) throws IOException, DestinationException {
        if (!S3Failures.isOutcomeUnknown(error)) {
            throw error;
        }
        Optional<StoredObject> found = objects.head(job.key());
        if (found.isEmpty() || !found.get().isOf(job)) {
            throw error;
        }
        log.info("delivery.adopted upload={} key={}", job.uploadId(), job.key());
        return Optional.of(verified(found.get(), journal.parts(), true));
    }

    private DeliveryReceipt verify(List<SentPart> parts, boolean adopted) throws IOException, DestinationException {
        Optional<StoredObject> found = objects.head(job.key());
        if (found.isEmpty() || !found.get().isOf(job)) {
            throw new DestinationException(
                    Failure.RETRYABLE, "'" + job.key() + "' was written but is not there any more");
        }
        return verified(found.get(), parts, adopted);
    }

    /** An object is called damaged only after a second, closer look. */
    private DeliveryReceipt verified(StoredObject found, List<SentPart> parts, boolean adopted)
            throws IOException, DestinationException {
        try {
            return S3Verifier.verify(job, found, parts, content, adopted);
        } catch (DestinationException damaged) {
            Optional<StoredObject> again = objects.look(job.key());
            if (again.isEmpty() || !again.get().isOf(job)) {
                throw damaged;
            }
            return S3Verifier.verify(job, again.get(), parts, content, adopted);
        }
    }

    private static void goOn(boolean answer) throws DeliveryStoppedException {
        if (!answer) {
            throw new DeliveryStoppedException("The journal stopped this attempt");
        }
    }
}
