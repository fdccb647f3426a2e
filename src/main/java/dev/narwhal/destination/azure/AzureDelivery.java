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
 * <p>Azure has no multipart upload with an id. It keeps uncommitted blocks by key. All writers to a key share its blocks, and
 * Azure deletes them when anybody commits or puts a blob under that key. The consequences:
 * <ul>
 *   <li>An earlier attempt that still sends does no harm: its blocks have the same ids and bytes ({@link AzureBlockId}). If it
 *       commits first, its object is the wanted one, and Azure answers this attempt that the key is taken. A block that arrives
 *       after the commit stays invisible until Azure deletes it.
 *   <li>Another upload with the same key may cause Azure to delete our blocks at any moment. Our commit then names missing blocks,
 *       and creates nothing. The attempt checks the key again. Usually it is taken, and {@link OnConflict} decides. Otherwise the
 *       attempt sends the blocks again.
 *   <li>Azure assigns no id that only this attempt could know. So the attempt need not remove anything when the journal stops it.
 *   <li>The server leaves unused blocks to Azure, which deletes them a week after the last block. The server could delete them
 *       only by committing an empty blob and deleting that. Readers and event subscribers would see a file that never existed,
 *       and Azure would delete the blocks of other uploads, too.
 * </ul>
 */
final class AzureDelivery extends ObjectAttempt<BlobProperties> {

    private static final Logger log = LoggerFactory.getLogger(AzureDelivery.class);

    /**
     * The journal's handle, which says that the parts are blocks with ids of {@link AzureBlockId}. Another handle comes from
     * another kind of destination, before the operator changed the type.
     */
    static final String BLOCK_ID_FORMAT = "AZURE_BLOCKS:1";

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

    /** No-op: Azure itself deletes uncommitted blocks. */
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

    /** Sends the complete parts of an unfinished upload. {@link #run} checks later which of them Azure still has. */
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

    /** @return false when an earlier attempt may have sent parts */
    private boolean begin() throws DeliveryStoppedException {
        if (journal().handle().filter(BLOCK_ID_FORMAT::equals).isPresent()) {
            return false;
        }
        requireAccepted(journal().begun(BLOCK_ID_FORMAT));
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
