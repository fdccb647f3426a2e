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
 * One attempt to deliver one object to a store of objects. Whatever the store answers, and also when it does not, the last word
 * has the object itself: with our upload's id in its metadata it is ours and the delivery is done.
 *
 * @param <O> an object, as the store tells of it
 */
public abstract class ObjectAttempt<O> {

    private static final Logger log = LoggerFactory.getLogger(ObjectAttempt.class);

    /** How often one attempt begins anew: the store has lost parts, the key was taken, or there is no condition. */
    private static final int ROUNDS = 4;

    private final ContentSource content;
    private final DeliveryJournal journal;
    private DeliveryJob job;

    protected ObjectAttempt(DeliveryJob job, ContentSource content, DeliveryJournal journal) {
        this.job = job;
        this.content = content;
        this.journal = journal;
    }

    /** With the key that it has by now. */
    protected final DeliveryJob job() {
        return job;
    }

    protected final ContentSource content() {
        return content;
    }

    protected final DeliveryJournal journal() {
        return journal;
    }

    /** What is at the job's key now. */
    protected abstract Optional<O> find() throws IOException;

    protected abstract boolean isOurs(O found);

    /** Of an object of ours that an earlier attempt may have written. */
    protected abstract DeliveryReceipt verifyFound(O found) throws IOException, DestinationException;

    /** Writes the object; empty when the key has to be looked at again. */
    protected abstract Optional<DeliveryReceipt> write()
            throws IOException, DestinationException, DeliveryStoppedException;

    /** Removes what was sent for the job's key and will not be used. */
    protected abstract void leaveKey();

    /** Where the keys are, for a sentence. */
    protected abstract String place();

    public final DeliveryReceipt run() throws IOException, DestinationException, DeliveryStoppedException {
        boolean look = job.mayExist();
        for (int round = 0; round < ROUNDS; round++) {
            Optional<DeliveryReceipt> there = look ? settle() : Optional.empty();
            if (there.isEmpty()) {
                there = write();
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
    protected final Optional<DeliveryReceipt> settle()
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
        leaveKey();
        goOn(journal.rekeyed(other));
        job = job.withKey(other);
        return settle();
    }

    /** Not before the parts are given back: after a final failure nobody would try that again. */
    private DestinationException conflict() {
        leaveKey();
        return new DestinationException(
                Failure.FINAL,
                "'" + job.key() + "' exists in " + place() + " and is another's (narwhal.delivery.on-conflict is "
                        + job.onConflict().name().toLowerCase(Locale.ROOT) + ")");
    }

    /**
     * After an error that may hide a success: ours when it is there, else the error.
     *
     * @param isOutcomeUnknown false for an error that says that nothing was written
     */
    protected final Optional<DeliveryReceipt> adopt(RuntimeException error, boolean isOutcomeUnknown)
            throws IOException, DestinationException {
        if (!isOutcomeUnknown) {
            throw error;
        }
        O found = find().filter(this::isOurs).orElseThrow(() -> error);
        return Optional.of(adopted(found));
    }

    /** What is at the key, when it is ours: another try of this attempt, or another attempt, has written it. */
    protected final Optional<DeliveryReceipt> adoptIfThere() throws IOException, DestinationException {
        Optional<O> found = find().filter(this::isOurs);
        return found.isPresent() ? Optional.of(adopted(found.get())) : Optional.empty();
    }

    private DeliveryReceipt adopted(O found) throws IOException, DestinationException {
        log.info("delivery.adopted upload={} key={}", job.uploadId(), job.key());
        return verifyFound(found);
    }

    /** What this attempt has written. */
    protected final O written() throws IOException, DestinationException {
        return find().filter(this::isOurs)
                .orElseThrow(() -> new DestinationException(
                        Failure.RETRYABLE, "'" + job.key() + "' was written but is not there any more"));
    }

    protected static void goOn(boolean answer) throws DeliveryStoppedException {
        if (!answer) {
            throw new DeliveryStoppedException("The journal stopped this attempt");
        }
    }
}
