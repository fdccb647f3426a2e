package dev.narwhal.destination.s3;

import dev.narwhal.destination.ContentSource;
import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.DeliveryJournal;
import dev.narwhal.destination.DeliveryReceipt;
import dev.narwhal.destination.DeliveryStoppedException;
import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.OnConflict;
import dev.narwhal.destination.SentPart;
import dev.narwhal.destination.parts.ObjectAttempt;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.Part;

/** One attempt to deliver one object to a bucket, by one request or by a multipart upload. */
final class S3Delivery extends ObjectAttempt<StoredObject> {

    private static final Logger log = LoggerFactory.getLogger(S3Delivery.class);

    private static final String ANY = "*";

    private final S3Objects objects;
    private final S3Orphans orphans;
    private final S3PartSender sender;

    /**
     * Id of the multipart upload that the store has lost. Not used again: some stores still list and accept parts of a lost
     * multipart upload.
     */
    private @Nullable String lostUploadId;

    /** True when the attempt checks the key itself before it writes, because the store does not support If-None-Match. */
    private boolean unconditional;

    S3Delivery(
            S3Objects objects,
            S3Orphans orphans,
            S3PartSender sender,
            DeliveryJob job,
            ContentSource content,
            DeliveryJournal journal) {
        super(job, content, journal);
        this.objects = objects;
        this.orphans = orphans;
        this.unconditional = !objects.dialect().isConditional();
        this.sender = sender;
    }

    /** Asks again by GET when HEAD shows no id of ours: some stores return less metadata to HEAD than to GET. */
    @Override
    protected Optional<StoredObject> find() throws IOException {
        Optional<StoredObject> found = objects.head(job().key());
        return found.isPresent() && !isOurs(found.get()) ? objects.get(job().key()) : found;
    }

    @Override
    protected boolean isOurs(StoredObject found) {
        return found.isOf(job());
    }

    @Override
    protected DeliveryReceipt verifyFound(StoredObject found) throws IOException, DestinationException {
        return verified(found, journal().parts(), true);
    }

    @Override
    protected Optional<DeliveryReceipt> write() throws IOException, DestinationException, DeliveryStoppedException {
        return job().plan().isSingle() ? put() : multipart();
    }

    @Override
    protected String location() {
        return "bucket " + objects.bucket();
    }

    @Override
    protected void discardParts() {
        journal()
                .handle()
                .flatMap(S3Multipart::parse)
                .ifPresent(multipart -> objects.abort(job().key(), multipart.id()));
    }

    /** Aborts the multipart upload after a final failure, because no attempt may follow. Logs an error of the abort. */
    void discardPartsAfterFailure() {
        try {
            discardParts();
        } catch (SdkException e) {
            log.warn(
                    "delivery.orphans-kept upload={} key={} because={}", job().uploadId(), job().key(), e.getMessage());
        }
    }

    private Optional<DeliveryReceipt> put() throws IOException, DestinationException, DeliveryStoppedException {
        requireAccepted(journal().completing(null));
        try {
            sender.transfer(() -> {
                objects.put(job(), content(), condition());
                return true;
            });
        } catch (SdkException e) {
            return isKeyCheckNeeded(e) ? Optional.empty() : adopt(e, S3Failures.isOutcomeUnknown(e));
        }
        return Optional.of(receipt(List.of()));
    }

    /** The value of If-None-Match. Null when the job overwrites, or the store does not support the header. */
    private @Nullable String condition() {
        return unconditional || job().onConflict() == OnConflict.OVERWRITE ? null : ANY;
    }

    /** True when the attempt must check the key again: it was taken, or the store does not support If-None-Match. */
    private boolean isKeyCheckNeeded(SdkException error) {
        if (condition() != null && objects.dialect().refusesCondition(error)) {
            unconditional = true;
            return true;
        }
        return S3Failures.isTaken(error);
    }

    private Optional<DeliveryReceipt> multipart() throws IOException, DestinationException, DeliveryStoppedException {
        Optional<S3Multipart> stored = journal()
                .handle()
                .flatMap(S3Multipart::parse)
                .filter(multipart -> !multipart.id().equals(lostUploadId));
        Optional<List<Part>> arrived = stored.flatMap(multipart -> objects.parts(job().key(), multipart.id()));
        S3Multipart multipart = arrived.isPresent() ? stored.orElseThrow() : begin();
        try {
            List<SentPart> parts = sender.send(job(), multipart, arrived.orElse(List.of()), content(), journal());
            return complete(multipart, parts);
        } catch (SdkException e) {
            if (!S3Failures.isMultipartLost(e)) {
                throw e;
            }
            // The store also reports a completed multipart upload as unknown. Some stores delete the object, too, when
            // it is aborted. So look for the object first.
            Optional<DeliveryReceipt> receipt = adoptIfThere();
            if (receipt.isPresent()) {
                return receipt;
            }
            log.info("delivery.begins-anew upload={} key={} because={}", job().uploadId(), job().key(), e.getMessage());
            objects.abort(job().key(), multipart.id());
            lostUploadId = multipart.id();
            return Optional.empty();
        }
    }

    /** Sends the complete parts of an unfinished upload. Creates a new multipart upload if the store has lost the old one. */
    void sendAhead() throws IOException, DestinationException, DeliveryStoppedException {
        Optional<S3Multipart> stored = journal().handle().flatMap(S3Multipart::parse);
        S3Multipart multipart = stored.isPresent() ? stored.get() : begin();
        try {
            sender.sendAhead(job(), multipart, job().plan().partsBelow(content().length()), content(), journal());
        } catch (SdkException e) {
            if (!S3Failures.isMultipartLost(e)) {
                throw e;
            }
            log.info("delivery.begins-anew upload={} key={} because={}", job().uploadId(), job().key(), e.getMessage());
            objects.abort(job().key(), multipart.id());
            var unused = begin();
        }
    }

    private S3Multipart begin() throws DeliveryStoppedException {
        S3Multipart multipart = objects.create(job());
        if (!journal().begun(multipart.encoded())) {
            // Only this attempt knows the multipart upload, so no other attempt would abort it.
            objects.abort(job().key(), multipart.id());
            throw new DeliveryStoppedException("The journal stopped this attempt");
        }
        orphans.abortDuplicates(job(), journal());
        return multipart;
    }

    private Optional<DeliveryReceipt> complete(S3Multipart multipart, List<SentPart> parts)
            throws IOException, DestinationException, DeliveryStoppedException {
        if (unconditional && job().mayExist()) {
            String key = job().key();
            Optional<DeliveryReceipt> receipt = adoptOrResolveConflict();
            if (receipt.isPresent() || !job().key().equals(key)) {
                return receipt;
            }
        }
        requireAccepted(journal().completing(null));
        try {
            objects.complete(job(), multipart, parts, condition());
        } catch (SdkException e) {
            if (isKeyCheckNeeded(e)) {
                return Optional.empty();
            }
            if (S3Failures.isMultipartLost(e)) {
                throw e;
            }
            return adopt(e, S3Failures.isOutcomeUnknown(e));
        }
        return Optional.of(receipt(parts));
    }

    private DeliveryReceipt receipt(List<SentPart> parts) throws IOException, DestinationException {
        if (unconditional) {
            objects.dialect().conditionRefused();
        }
        return verified(written(), parts, false);
    }

    /** Verifies the object. If it seems damaged, asks the store again by GET before it reports the damage. */
    private DeliveryReceipt verified(StoredObject found, List<SentPart> parts, boolean adopted)
            throws IOException, DestinationException {
        try {
            return S3Verifier.verify(job(), found, parts, content(), adopted);
        } catch (DestinationException damaged) {
            Optional<StoredObject> again = objects.get(job().key());
            if (again.isEmpty() || !again.get().isOf(job())) {
                throw damaged;
            }
            return S3Verifier.verify(job(), again.get(), parts, content(), adopted);
        }
    }
}
