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

/** Sends the missing parts of a multipart upload. */
final class S3PartSender {

    private final S3Objects objects;
    private final PartSender sender;

    S3PartSender(S3Objects objects, PartBudget budget) {
        this.objects = objects;
        this.sender = new PartSender(budget);
    }

    /**
     * Sends all missing parts. Returns or throws when no part is in flight any more.
     *
     * @param stored the parts that the store already has
     * @return all parts in order
     */
    List<SentPart> send(
            DeliveryJob job, S3Multipart multipart, List<Part> stored, ContentSource content, DeliveryJournal journal)
            throws IOException, DestinationException, DeliveryStoppedException {
        Map<Integer, String> recorded = new HashMap<>();
        journal.parts().forEach(part -> recorded.put(part.number(), part.tag()));
        List<SentPart> parts = stored.stream()
                .map(part -> new SentPart(
                        part.partNumber(), part.size(), tag(part.eTag(), recorded.get(part.partNumber())), null))
                .toList();
        return sender.send(job.plan(), parts, content, transfer(job, multipart), journal);
    }

    /** The recorded tag if it differs only by quotes: some stores quote ETags in one response, and not in another. */
    private static String tag(@Nullable String etag, @Nullable String recorded) {
        String unquoted = S3Etags.unquoted(etag);
        return recorded != null && S3Etags.unquoted(recorded).equals(unquoted) ? recorded : unquoted;
    }

    /** Sends those of the first {@code last} parts that the journal has not recorded. */
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
