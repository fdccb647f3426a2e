package dev.narwhal.destination;

import com.azure.storage.blob.models.BlobProperties;
import dev.narwhal.destination.DestinationException.Failure;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt to deliver one object. Whatever the store answers, and also when it does not, the last word has the blob itself:
 * with our upload's id in its metadata it is ours and the delivery is done.
 *
 * <p>Azure has no multipart upload with an id of its own: blocks wait under the key itself, where everybody who writes to that
 * key shares them, and all are thrown away as soon as anybody commits or puts a blob there. What follows from it:
 * <ul>
 *   <li>An earlier attempt of ours that is still sending does no harm: its blocks have the names and the bytes of ours
 *       ({@link AzureBlockId}). Its commit makes the very object that we want, and ours is then told that the key is taken. A
 *       block of its that comes in after the commit waits, unseen, until Azure throws it away.
 *   <li>Another upload that is delivered to the same key may throw our blocks away at any moment. The commit then names blocks
 *       that are not there, makes nothing, and we look at the key again: taken as a rule, which is for {@link OnConflict} to
 *       decide, else the blocks are sent again.
 *   <li>Nothing can be begun that only this attempt knows of: there is nothing to be removed when the journal says no.
 *   <li>What was sent for a key that turns out to be taken, or for an upload that nobody wants any more, is left to Azure, which
 *       throws it away a week after the last block. It could be removed only by committing an empty blob and deleting that: for
 *       a moment a file would be seen that never was, events would tell others about it, and blocks of other uploads would go
 *       with ours.
 * </ul>
 */
final class AzureDelivery {

    private static final Logger log = LoggerFactory.getLogger(AzureDelivery.class);

    /** How often one attempt begins anew because blocks were thrown away or the key was taken. */
    private static final int ROUNDS = 3;

    /** That blocks are named as they are here. Another handle is another kind of destination's: the setting was changed. */
    static final String HANDLE = "AZURE_BLOCKS:1";

    private final AzureBlobs blobs;
    private final AzureVerifier verifier;
    private final PartSender sender;
    private final ContentSource content;
    private final DeliveryJournal journal;
    private DeliveryJob job;

    AzureDelivery(
            AzureBlobs blobs, PartSender sender, DeliveryJob job, ContentSource content, DeliveryJournal journal) {
        this.blobs = blobs;
        this.verifier = new AzureVerifier(blobs);
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
                there = job.plan().isSingle() ? put() : blocks();
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
        Optional<BlobProperties> found = blobs.properties(job.key());
        if (found.isEmpty()) {
            return Optional.empty();
        }
        if (AzureVerifier.isOurs(job, found.get())) {
            return Optional.of(adopted(found.get()));
        }
        return switch (job.onConflict()) {
            case OVERWRITE -> Optional.empty();
            case RENAME -> rename();
            case FAIL -> throw conflict();
        };
    }

    private DeliveryReceipt adopted(BlobProperties found) throws IOException, DestinationException {
        log.info("delivery.adopted upload={} key={}", job.uploadId(), job.key());
        return verifier.verify(job, found, journal.parts(), content, true);
    }

    private Optional<DeliveryReceipt> rename() throws IOException, DestinationException, DeliveryStoppedException {
        String other = RenamedKey.of(job.key(), job.uploadId());
        if (other.equals(job.key())) {
            throw conflict();
        }
        goOn(journal.rekeyed(other));
        job = job.withKey(other);
        return settle();
    }

    private DestinationException conflict() {
        return new DestinationException(
                Failure.FINAL,
                "'" + job.key() + "' exists in " + blobs.url() + " and is another's (narwhal.delivery.on-conflict is "
                        + job.onConflict().name().toLowerCase(Locale.ROOT) + ")");
    }

    private Optional<DeliveryReceipt> put() throws IOException, DestinationException, DeliveryStoppedException {
        goOn(journal.completing(null));
        try {
            sender.transfer(() -> {
                blobs.put(job, content);
                return true;
            });
        } catch (AzureCallException e) {
            return AzureFailures.isTaken(e) ? Optional.empty() : adopt(e);
        }
        return Optional.of(verify(List.of()));
    }

    private Optional<DeliveryReceipt> blocks() throws IOException, DestinationException, DeliveryStoppedException {
        List<SentPart> stored = begin() ? List.of() : blobs.staged(job);
        List<SentPart> parts =
                sender.send(job.plan(), stored, content, (number, bytes) -> blobs.stage(job, number, bytes), journal);
        goOn(journal.completing(null));
        return commit(parts);
    }

    /** The parts that are whole already, of an object that still grows. Whether they are still there the delivery sees. */
    void sendAhead() throws IOException, DestinationException, DeliveryStoppedException {
        var unused = begin();
        PartPlan plan = job.plan();
        sender.sendAhead(
                plan,
                plan.partsBelow(content.length()),
                content,
                (number, bytes) -> blobs.stage(job, number, bytes),
                journal);
    }

    /** @return false when parts may have been sent before */
    private boolean begin() throws DeliveryStoppedException {
        if (journal.handle().filter(HANDLE::equals).isPresent()) {
            return false;
        }
        goOn(journal.begun(HANDLE));
        return true;
    }

    private Optional<DeliveryReceipt> commit(List<SentPart> parts) throws IOException, DestinationException {
        try {
            blobs.commit(job, parts);
        } catch (AzureCallException e) {
            if (AzureFailures.isTaken(e)) {
                return Optional.empty();
            }
            if (AzureFailures.isBlocksLost(e)) {
                log.info("delivery.begins-anew upload={} key={} because={}", job.uploadId(), job.key(), e.getMessage());
                return Optional.empty();
            }
            return adopt(e);
        }
        return Optional.of(verify(parts));
    }

    /** After an error that may hide a success: ours when it is there, else the error. */
    private Optional<DeliveryReceipt> adopt(AzureCallException error) throws IOException, DestinationException {
        if (!AzureFailures.isOutcomeUnknown(error)) {
            throw error;
        }
        Optional<BlobProperties> found = blobs.properties(job.key());
        if (found.isEmpty() || !AzureVerifier.isOurs(job, found.get())) {
            throw error;
        }
        return Optional.of(adopted(found.get()));
    }

    private DeliveryReceipt verify(List<SentPart> parts) throws IOException, DestinationException {
        Optional<BlobProperties> found = blobs.properties(job.key());
        if (found.isEmpty() || !AzureVerifier.isOurs(job, found.get())) {
            throw new DestinationException(
                    Failure.RETRYABLE, "'" + job.key() + "' was written but is not there any more");
        }
        return verifier.verify(job, found.get(), parts, content, false);
    }

    private static void goOn(boolean answer) throws DeliveryStoppedException {
        if (!answer) {
            throw new DeliveryStoppedException("The journal stopped this attempt");
        }
    }
}
