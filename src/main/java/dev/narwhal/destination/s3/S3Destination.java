package dev.narwhal.destination.s3;

import dev.narwhal.destination.ContentSource;
import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.DeliveryJournal;
import dev.narwhal.destination.DeliveryReceipt;
import dev.narwhal.destination.DeliveryStoppedException;
import dev.narwhal.destination.Destination;
import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.DestinationException.Failure;
import dev.narwhal.destination.PartPlan;
import dev.narwhal.destination.parts.PartBudget;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.Optional;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/**
 * Finished files in a bucket of S3, MinIO or another store with the S3 protocol. The destination sends a file of one part by
 * PutObject, and a larger file by a multipart upload with the parts of the job's plan. A later attempt resumes the multipart
 * upload with the parts that both the journal and the store have. Each object has its upload's id in its metadata. By this id
 * the destination recognises the object when the store's response was lost.
 */
public final class S3Destination implements Destination {

    /** Up to this attempt, a delivery fails if it cannot abort the orphans of earlier attempts. Later ones only log it. */
    private static final int ATTEMPTS_REQUIRING_ABORT = 10;

    /** Connections for requests that send no part: HEAD, CreateMultipartUpload, CompleteMultipartUpload. */
    private static final int CONNECTIONS_BESIDE_PARTS = 64;

    private static final int DOWNLOAD_CONNECTIONS = 1024;

    private final String prefix;
    private final S3Client writer;
    private final S3Client reader;
    private final S3Objects objects;
    private final S3Orphans orphans;
    private final S3PartSender sender;
    private final long partSize;

    /**
     * Creates a destination from its settings.
     *
     * @param prefix of the settings, for messages: {@code narwhal.destination.s3}
     * @throws IllegalStateException with a sentence, when the settings are certainly wrong. A store that does not respond is
     *     no error
     */
    public static Destination open(String prefix, S3Properties settings, PartBudget budget) {
        String bucket = settings.bucket();
        if (bucket == null) {
            throw new IllegalStateException(prefix + ".bucket is not set");
        }
        S3Clients clients = new S3Clients(prefix, settings);
        S3Client writer = clients.writer(budget.partsInFlight() + CONNECTIONS_BESIDE_PARTS);
        clients.requireBucket(writer, bucket);
        return new S3Destination(prefix, writer, clients.reader(DOWNLOAD_CONNECTIONS), bucket, settings, budget);
    }

    /**
     * @param writer the client for deliveries, with more connections than parts in flight; this destination closes it
     * @param reader the client for downloads, so that slow downloads take no connections from deliveries; this destination
     *     closes it
     */
    S3Destination(
            String prefix, S3Client writer, S3Client reader, String bucket, S3Properties settings, PartBudget budget) {
        this.prefix = prefix;
        this.writer = writer;
        this.reader = reader;
        this.objects = new S3Objects(writer, bucket, settings);
        this.orphans = new S3Orphans(prefix, objects);
        this.sender = new S3PartSender(objects, budget);
        this.partSize = settings.partSize().toBytes();
    }

    @Override
    public String describe() {
        return "s3://" + objects.bucket();
    }

    @Override
    public DeliveryReceipt deliver(DeliveryJob job, ContentSource content, DeliveryJournal journal)
            throws DestinationException, DeliveryStoppedException {
        requireDeliverable(job);
        S3Delivery delivery = new S3Delivery(objects, orphans, sender, job, content, journal);
        try {
            if (job.attempt() > 1) {
                orphans.abort(job, journal, job.attempt() <= ATTEMPTS_REQUIRING_ABORT);
            }
            return delivery.run();
        } catch (DestinationException e) {
            throw discardIfFinal(delivery, e);
        } catch (SdkException e) {
            throw discardIfFinal(
                    delivery,
                    S3Failures.classify(prefix, "'" + job.key() + "' could not be delivered to " + describe(), e));
        } catch (IOException e) {
            throw unreadable(job, e);
        }
    }

    @Override
    public PartPlan plan(long length) {
        return PartPlan.of(length, partSize);
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
            new S3Delivery(objects, orphans, sender, job, content, journal).sendAhead();
        } catch (SdkException e) {
            throw S3Failures.classify(prefix, "Parts of '" + job.key() + "' could not be sent to " + describe(), e);
        } catch (IOException e) {
            throw unreadable(job, e);
        }
    }

    private static DestinationException unreadable(DeliveryJob job, IOException e) {
        return new DestinationException(
                Failure.RETRYABLE, "The staged bytes of '" + job.key() + "' could not be read: " + e.getMessage(), e);
    }

    private void requireDeliverable(DeliveryJob job) throws DestinationException {
        if (job.plan().partSize() > S3Objects.MAX_PART_SIZE) {
            throw new DestinationException(
                    Failure.FINAL,
                    "'" + job.key() + "' has " + job.length() + " bytes: S3 takes at most 10,000 parts of 5 GiB");
        }
    }

    private static DestinationException discardIfFinal(S3Delivery delivery, DestinationException failure) {
        if (failure.failure() == Failure.FINAL) {
            delivery.discardPartsAfterFailure();
        }
        return failure;
    }

    @Override
    public InputStream read(String key, long position, long length) throws IOException {
        try {
            if (length == 0) {
                return objects.head(key)
                        .map(head -> InputStream.nullInputStream())
                        .orElseThrow(NoSuchKeyException.builder()::build);
            }
            String range = "bytes=" + position + "-" + (position + length - 1);
            ResponseInputStream<GetObjectResponse> body =
                    reader.getObject(r -> r.bucket(objects.bucket()).key(key).range(range));
            return new S3InputStream(body, length);
        } catch (NoSuchKeyException e) {
            throw new NoSuchFileException(describe() + "/" + key);
        } catch (SdkException e) {
            throw new IOException(
                    S3Failures.classify(prefix, "'" + key + "' could not be read", e)
                            .getMessage(),
                    e);
        }
    }

    @Override
    public void abandon(DeliveryJob job, DeliveryJournal journal) throws DestinationException {
        try {
            Optional<S3Multipart> multipart = journal.handle().flatMap(S3Multipart::parse);
            multipart.ifPresent(begun -> objects.abort(job.key(), begun.id()));
            // A part in flight when its sender died may arrive after the abort. The store would keep it.
            if (multipart
                    .flatMap(begun -> objects.parts(job.key(), begun.id()))
                    .filter(parts -> !parts.isEmpty())
                    .isPresent()) {
                throw new DestinationException(
                        Failure.RETRYABLE, "Parts of '" + job.key() + "' arrive although they were given up");
            }
            orphans.abort(job, journal, true);
            objects.head(job.key())
                    .filter(object -> object.isOf(job))
                    .ifPresent(object -> objects.delete(job.key(), object.etag()));
        } catch (SdkException e) {
            throw S3Failures.classify(prefix, "'" + job.key() + "' could not be removed from " + describe(), e);
        }
    }

    @Override
    public void close() {
        List.of(writer, reader).forEach(S3Client::close);
    }
}
