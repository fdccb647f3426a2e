package dev.narwhal.destination.parts;

import dev.narwhal.destination.ContentSource;
import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.DeliveryJournal;
import dev.narwhal.destination.DeliveryReceipt;
import dev.narwhal.destination.DeliveryStoppedException;
import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.DestinationException.Failure;
import dev.narwhal.destination.OnConflict;
import dev.narwhal.destination.RenamedKey;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt to deliver one object to an object store. The object itself decides whether the attempt has succeeded, even
 * when the store's response was an error or was lost: an object with the upload's id in its metadata is ours.
 *
 * @param <O> the store's description of an object
 */
public abstract class ObjectAttempt<O> {

    private static final Logger log = LoggerFactory.getLogger(ObjectAttempt.class);

    /**
     * How often one attempt may check the key and write the object. It repeats this when the store has lost parts, when the
     * key was taken meanwhile, and when the store does not support conditional writes.
     */
    private static final int ROUNDS = 4;

    private final ContentSource content;
    private final DeliveryJournal journal;
    private DeliveryJob job;

    protected ObjectAttempt(DeliveryJob job, ContentSource content, DeliveryJournal journal) {
        this.job = job;
        this.content = content;
        this.journal = journal;
    }

    /** The job with its present key. */
    protected final DeliveryJob job() {
        return job;
    }

    protected final ContentSource content() {
        return content;
    }

    protected final DeliveryJournal journal() {
        return journal;
    }

    /** The object that has the job's key now. */
    protected abstract Optional<O> find() throws IOException;

    protected abstract boolean isOurs(O found);

    /** Verifies an object of ours that an earlier attempt may have written. */
    protected abstract DeliveryReceipt verifyFound(O found) throws IOException, DestinationException;

    /** Writes the object; empty when the attempt must check the key again. */
    protected abstract Optional<DeliveryReceipt> write()
            throws IOException, DestinationException, DeliveryStoppedException;

    /** Deletes the parts sent for the job's present key, where the store keeps unused parts. */
    protected abstract void discardParts();

    /** The bucket or container, for messages. */
    protected abstract String location();

    public final DeliveryReceipt run() throws IOException, DestinationException, DeliveryStoppedException {
        boolean mayExist = job.mayExist();
        for (int round = 0; round < ROUNDS; round++) {
            Optional<DeliveryReceipt> receipt = mayExist ? adoptOrResolveConflict() : Optional.empty();
            if (receipt.isEmpty()) {
                receipt = write();
            }
            if (receipt.isPresent()) {
                return receipt.get();
            }
            mayExist = true;
        }
        throw new DestinationException(
                Failure.RETRYABLE, "The store did not keep '" + job.key() + "' in " + ROUNDS + " rounds");
    }

    /**
     * Checks the key: adopts an object of ours, and applies the job's {@link OnConflict} to another one.
     *
     * @return empty when the attempt may write the object under the job's key, which may be a new one
     */
    protected final Optional<DeliveryReceipt> adoptOrResolveConflict()
            throws IOException, DestinationException, DeliveryStoppedException {
        Optional<O> found = find();
        if (found.isEmpty()) {
            return Optional.empty();
        }
        if (isOurs(found.get())) {
            return Optional.of(adopted(found.get()));
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
        discardParts();
        requireAccepted(journal.rekeyed(other));
        job = job.withKey(other);
        return adoptOrResolveConflict();
    }

    /** Discards the parts first: no attempt follows a final failure, so no attempt would discard them later. */
    private DestinationException conflict() {
        discardParts();
        return new DestinationException(
                Failure.FINAL,
                "'" + job.key() + "' exists in " + location() + " and is another's (narwhal.delivery.on-conflict is "
                        + job.onConflict().name().toLowerCase(Locale.ROOT) + ")");
    }

    /**
     * Adopts the object after a failed write if it exists and is ours, else throws {@code error}.
     *
     * @param isOutcomeUnknown false when the error says that the store has written nothing
     */
    protected final Optional<DeliveryReceipt> adopt(RuntimeException error, boolean isOutcomeUnknown)
            throws IOException, DestinationException {
        if (!isOutcomeUnknown) {
            throw error;
        }
        O found = find().filter(this::isOurs).orElseThrow(() -> error);
        return Optional.of(adopted(found));
    }

    /** Adopts the object at the key if it is ours: a repeated request, or another attempt, has written it. */
    protected final Optional<DeliveryReceipt> adoptIfThere() throws IOException, DestinationException {
        Optional<O> found = find().filter(this::isOurs);
        return found.isPresent() ? Optional.of(adopted(found.get())) : Optional.empty();
    }

    private DeliveryReceipt adopted(O found) throws IOException, DestinationException {
        log.info("delivery.adopted upload={} key={}", job.uploadId(), job.key());
        return verifyFound(found);
    }

    /** The object that this attempt has written. */
    protected final O written() throws IOException, DestinationException {
        return find().filter(this::isOurs)
                .orElseThrow(() -> new DestinationException(
                        Failure.RETRYABLE, "'" + job.key() + "' was written but is not there any more"));
    }

    /** @param accepted the journal's answer */
    protected static void requireAccepted(boolean accepted) throws DeliveryStoppedException {
        if (!accepted) {
            throw new DeliveryStoppedException("The journal stopped this attempt");
        }
    }
}
