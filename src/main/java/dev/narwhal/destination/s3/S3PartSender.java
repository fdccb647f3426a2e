package dev.narwhal.destination.s3;

import dev.narwhal.destination.ContentSource;
import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.DeliveryJournal;
import dev.narwhal.destination.DeliveryStoppedException;
import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.SentPart;
import dev.narwhal.destination.parts.PartBudget;
import dev.narwhal.destination.parts.PartSender;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.Part;

/** Sends what is missing of a multipart upload. */
final class S3PartSender {

    private final S3Objects objects;
    private final PartSender sender;

    S3PartSender(S3Objects objects, PartBudget budget) {
        this.objects = objects;
        this.sender = new PartSender(budget);
    }

    /**
     * Returns when no part is in flight any more.
     *
     * @param stored what the store has already
     * @return all parts in order
     */
    List<SentPart> send(
            DeliveryJob job, S3Multipart multipart, List<Part> stored, ContentSource content, DeliveryJournal journal)
            throws IOException, DestinationException, DeliveryStoppedException {
        Map<Integer, String> known = new HashMap<>();
        journal.parts().forEach(part -> known.put(part.number(), part.tag()));
        List<SentPart> there = stored.stream()
                .map(part -> new SentPart(
                        part.partNumber(), part.size(), asKnown(part.eTag(), known.get(part.partNumber())), null))
                .toList();
        return sender.send(job.plan(), there, content, transfer(job, multipart), journal);
    }

    /** Some stores quote in one answer what they do not in another. */
    private static String asKnown(@Nullable String etag, @Nullable String known) {
        return known != null && S3Etags.unquoted(known).equals(S3Etags.unquoted(etag)) ? known : S3Etags.unquoted(etag);
    }

    /** The first {@code last} parts, as far as the journal does not know them. */
    void sendAhead(DeliveryJob job, S3Multipart multipart, int last, ContentSource content, DeliveryJournal journal)
            throws IOException, DestinationException, DeliveryStoppedException {
        sender.sendAhead(job.plan(), last, content, transfer(job, multipart), journal);
    }

    private PartSender.Transfer transfer(DeliveryJob job, S3Multipart multipart) {
        return (number, bytes) -> objects.send(job.key(), multipart, job.plan(), number, bytes);
    }

    /** Runs one transfer within the budget. */
    <T> T transfer(Callable<T> call) throws IOException, DestinationException, DeliveryStoppedException {
        return sender.transfer(call);
    }
}
