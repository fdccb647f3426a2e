package dev.narwhal.destination.azure;

import com.azure.storage.blob.models.BlobProperties;
import dev.narwhal.destination.ContentSource;
import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.DeliveryJournal;
import dev.narwhal.destination.DeliveryReceipt;
import dev.narwhal.destination.DeliveryStoppedException;
import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.OnConflict;
import dev.narwhal.destination.PartPlan;
import dev.narwhal.destination.SentPart;
import dev.narwhal.destination.parts.ObjectAttempt;
import dev.narwhal.destination.parts.PartSender;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt to deliver one blob.
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
final class AzureDelivery extends ObjectAttempt<BlobProperties> {

    private static final Logger log = LoggerFactory.getLogger(AzureDelivery.class);

    /** That blocks are named as they are here. Another handle is another kind of destination's: the setting was changed. */
    static final String HANDLE = "AZURE_BLOCKS:1";

    private final AzureBlobs blobs;
    private final AzureVerifier verifier;
    private final PartSender sender;

    AzureDelivery(
            AzureBlobs blobs, PartSender sender, DeliveryJob job, ContentSource content, DeliveryJournal journal) {
        super(job, content, journal);
        this.blobs = blobs;
        this.verifier = new AzureVerifier(blobs);
        this.sender = sender;
    }

    @Override
    protected Optional<BlobProperties> find() {
        return blobs.properties(job().key());
    }

    @Override
    protected boolean isOurs(BlobProperties found) {
        return AzureVerifier.isOurs(job(), found);
    }

    @Override
    protected DeliveryReceipt verifyFound(BlobProperties found) throws IOException, DestinationException {
        return verifier.verify(job(), found, journal().parts(), content(), true);
    }

    @Override
    protected Optional<DeliveryReceipt> write() throws IOException, DestinationException, DeliveryStoppedException {
        return job().plan().isSingle() ? put() : blocks();
    }

    /** Azure throws uncommitted blocks away by itself. */
    @Override
    protected void discardParts() {}

    @Override
    protected String location() {
        return blobs.url().toString();
    }

    private Optional<DeliveryReceipt> put() throws IOException, DestinationException, DeliveryStoppedException {
        requireAccepted(journal().completing(null));
        try {
            sender.transfer(() -> {
                blobs.put(job(), content());
                return true;
            });
        } catch (AzureCallException e) {
            return AzureFailures.isTaken(e) ? Optional.empty() : adopt(e, AzureFailures.isOutcomeUnknown(e));
        }
        return Optional.of(verify(List.of()));
    }

    private Optional<DeliveryReceipt> blocks() throws IOException, DestinationException, DeliveryStoppedException {
        List<SentPart> stored = begin() ? List.of() : blobs.staged(job());
        List<SentPart> parts = sender.send(
                job().plan(), stored, content(), (number, bytes) -> blobs.stage(job(), number, bytes), journal());
        requireAccepted(journal().completing(null));
        return commit(parts);
    }

    /** The parts that are whole already, of an object that still grows. Whether they are still there the delivery sees. */
    void sendAhead() throws IOException, DestinationException, DeliveryStoppedException {
        var unused = begin();
        PartPlan plan = job().plan();
        sender.sendAhead(
                plan,
                plan.partsBelow(content().length()),
                content(),
                (number, bytes) -> blobs.stage(job(), number, bytes),
                journal());
    }

    /** @return false when parts may have been sent before */
    private boolean begin() throws DeliveryStoppedException {
        if (journal().handle().filter(HANDLE::equals).isPresent()) {
            return false;
        }
        requireAccepted(journal().begun(HANDLE));
        return true;
    }

    private Optional<DeliveryReceipt> commit(List<SentPart> parts) throws IOException, DestinationException {
        try {
            blobs.commit(job(), parts);
        } catch (AzureCallException e) {
            if (AzureFailures.isTaken(e)) {
                return Optional.empty();
            }
            if (AzureFailures.isBlocksLost(e)) {
                log.info(
                        "delivery.begins-anew upload={} key={} because={}",
                        job().uploadId(),
                        job().key(),
                        e.getMessage());
                return Optional.empty();
            }
            return adopt(e, AzureFailures.isOutcomeUnknown(e));
        }
        return Optional.of(verify(parts));
    }

    private DeliveryReceipt verify(List<SentPart> parts) throws IOException, DestinationException {
        return verifier.verify(job(), written(), parts, content(), false);
    }
}
