package dev.narwhal.destination.azure;

import dev.narwhal.destination.ContentSource;
import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.DeliveryJournal;
import dev.narwhal.destination.DeliveryReceipt;
import dev.narwhal.destination.DeliveryStoppedException;
import dev.narwhal.destination.Destination;
import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.DestinationException.Failure;
import dev.narwhal.destination.parts.PartBudget;
import dev.narwhal.destination.parts.PartSender;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;

/**
 * Finished files in a container of Azure Blob Storage. The destination sends a file of one part by Put Blob, and a larger file by
 * Put Block for each part of the job's plan and one Put Block List. A later attempt resumes with the blocks that both the journal
 * and the store have. Each blob has its upload's id in its metadata. By this id the destination recognises the blob when the
 * store's response was lost.
 */
public final class AzureDestination implements Destination {

    private final AzureBlobs blobs;
    private final PartSender sender;

    /**
     * Creates a destination from its settings.
     *
     * @param prefix of the settings, for messages: {@code narwhal.destination.azure}
     * @throws IllegalStateException with a sentence, when the settings are certainly wrong. A store that does not respond is
     *     no error
     */
    public static Destination open(String prefix, AzureProperties settings, PartBudget budget) {
        AzureClients clients = new AzureClients(prefix, settings);
        AzureBlobs blobs = clients.blobs(clients.builder());
        clients.requireContainer(blobs);
        return new AzureDestination(blobs, budget);
    }

    AzureDestination(AzureBlobs blobs, PartBudget budget) {
        this.blobs = blobs;
        this.sender = new PartSender(budget);
    }

    @Override
    public String describe() {
        return blobs.url();
    }

    @Override
    public DeliveryReceipt deliver(DeliveryJob job, ContentSource content, DeliveryJournal journal)
            throws DestinationException, DeliveryStoppedException {
        requireDeliverable(job);
        try {
            return new AzureDelivery(blobs, sender, job, content, journal).run();
        } catch (AzureCallException e) {
            throw AzureFailures.classify("'" + job.key() + "' could not be delivered to " + describe(), e);
        } catch (IOException e) {
            throw unreadable(job, e);
        }
    }

    @Override
    public boolean takesPartsAhead() {
        return true;
    }

    @Override
    public void sendAhead(DeliveryJob job, ContentSource content, DeliveryJournal journal)
            throws DestinationException, DeliveryStoppedException {
        requireDeliverable(job);
        try {
            new AzureDelivery(blobs, sender, job, content, journal).sendAhead();
        } catch (AzureCallException e) {
            throw AzureFailures.classify("Parts of '" + job.key() + "' could not be sent to " + describe(), e);
        } catch (IOException e) {
            throw unreadable(job, e);
        }
    }

    private static void requireDeliverable(DeliveryJob job) throws DestinationException {
        if (job.plan().partSize() > AzureBlobs.MAX_BLOCK_SIZE) {
            throw new DestinationException(
                    Failure.FINAL,
                    "'" + job.key() + "' is to be cut into parts of "
                            + job.plan().partSize() + " bytes: Azure takes at most 4,000 MiB");
        }
    }

    private static DestinationException unreadable(DeliveryJob job, IOException e) {
        return new DestinationException(
                Failure.RETRYABLE, "The staged bytes of '" + job.key() + "' could not be read: " + e.getMessage(), e);
    }

    @Override
    public InputStream read(String key, long position, long length) throws IOException {
        try {
            if (length > 0) {
                return blobs.read(key, position, length);
            }
            if (blobs.properties(key).isPresent()) {
                return InputStream.nullInputStream();
            }
        } catch (AzureCallException e) {
            if (!AzureFailures.isNotFound(e)) {
                throw new IOException(
                        AzureFailures.classify("'" + key + "' could not be read", e)
                                .getMessage(),
                        e);
            }
        }
        throw new NoSuchFileException(describe() + "/" + key);
    }

    /**
     * Deletes the object if it is ours, and has not been replaced since the check. Leaves uncommitted blocks to Azure: see
     * {@link AzureDelivery}.
     */
    @Override
    public void abandon(DeliveryJob job, DeliveryJournal journal) throws DestinationException {
        try {
            blobs.properties(job.key())
                    .filter(found -> AzureVerifier.isOurs(job, found))
                    .ifPresent(found -> blobs.delete(job.key(), found.getETag()));
        } catch (AzureCallException e) {
            throw AzureFailures.classify("'" + job.key() + "' could not be removed from " + describe(), e);
        }
    }

    @Override
    public void close() {
        blobs.close();
    }
}
