package dev.narwhal.destination.s3;

import dev.narwhal.destination.ContentSource;
import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.DeliveryReceipt;
import dev.narwhal.destination.DeliveryReceipt.Verification;
import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.DestinationException.Failure;
import dev.narwhal.destination.PartPlan;
import dev.narwhal.destination.SentPart;
import dev.narwhal.destination.parts.Crc32s;
import dev.narwhal.destination.parts.Md5s;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Compares a delivered object with its content, by the strongest checksum that the store reports. */
final class S3Verifier {

    private S3Verifier() {}

    /**
     * @param sent the known parts; checksums of other parts are computed from the content
     * @throws DestinationException FINAL when the object is ours but damaged: another attempt would find it again
     */
    static DeliveryReceipt verify(
            DeliveryJob job, StoredObject object, List<SentPart> sent, ContentSource content, boolean adopted)
            throws DestinationException, IOException {
        if (object.length() != job.length()) {
            throw damaged(job, "has " + object.length() + " bytes instead of " + job.length());
        }
        if (object.crc32() != null) {
            return byChecksum(job, object.crc32(), withChecksums(job.plan(), sent, content), adopted);
        }
        return byEtag(job, object.etag(), sent, content, adopted);
    }

    private static DeliveryReceipt byChecksum(DeliveryJob job, String found, List<SentPart> parts, boolean adopted)
            throws DestinationException {
        boolean composite = found.indexOf('-') >= 0;
        String expected = composite ? Crc32s.composite(parts) : Crc32s.fullObject(job.plan(), parts);
        if (!found.equals(expected)) {
            throw damaged(job, "has the CRC32 " + found + " instead of " + expected);
        }
        Verification by = composite ? Verification.COMPOSITE_CRC32 : Verification.FULL_OBJECT_CRC32;
        return new DeliveryReceipt(job.key(), found, by, adopted);
    }

    /** An ETag that differs proves no damage: with encryption, and in some stores, an ETag is no digest of the bytes. */
    private static DeliveryReceipt byEtag(
            DeliveryJob job, String etag, List<SentPart> sent, ContentSource content, boolean adopted)
            throws IOException {
        Optional<String> expected = Optional.empty();
        if (job.plan().isSingle()) {
            expected = Optional.of(Md5s.hex(content, 0, job.length()));
        } else if (sent.size() == job.plan().partCount()) {
            expected = S3Etags.multipart(inOrder(sent));
        }
        return expected.filter(etag::equals).isPresent()
                ? new DeliveryReceipt(job.key(), etag, Verification.ETAG, adopted)
                : new DeliveryReceipt(job.key(), null, Verification.SIZE, adopted);
    }

    private static List<SentPart> withChecksums(PartPlan plan, List<SentPart> sent, ContentSource content)
            throws IOException {
        Map<Integer, SentPart> known = sent.stream()
                .filter(part -> part.crc32() != null)
                .collect(Collectors.toMap(SentPart::number, Function.identity()));
        List<SentPart> parts = new ArrayList<>();
        for (int number = 1; number <= plan.partCount(); number++) {
            SentPart part = known.get(number);
            parts.add(part == null ? read(plan, number, content) : part);
        }
        return parts;
    }

    private static SentPart read(PartPlan plan, int number, ContentSource content) throws IOException {
        int crc = Crc32s.of(content, plan.position(number), plan.size(number));
        return new SentPart(number, plan.size(number), "", Crc32s.encode(crc));
    }

    private static List<SentPart> inOrder(List<SentPart> parts) {
        return parts.stream().sorted(Comparator.comparingInt(SentPart::number)).toList();
    }

    private static DestinationException damaged(DeliveryJob job, String what) {
        return new DestinationException(
                Failure.FINAL,
                "The object '" + job.key() + "' is ours but " + what + ": remove it, then retry the delivery");
    }
}
