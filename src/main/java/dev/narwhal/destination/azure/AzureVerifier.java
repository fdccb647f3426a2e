package dev.narwhal.destination.azure;

import com.azure.storage.blob.models.BlobProperties;
import com.azure.storage.blob.models.Block;
import dev.narwhal.destination.ContentSource;
import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.DeliveryReceipt;
import dev.narwhal.destination.DeliveryReceipt.Verification;
import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.DestinationException.Failure;
import dev.narwhal.destination.SentPart;
import dev.narwhal.destination.parts.Md5s;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares a delivered blob with its content. For a blob from Put Blob, Azure reports the MD5. For a blob of blocks, Azure reports
 * the block ids. These contain the MD5s that Azure verified when it received the blocks.
 */
final class AzureVerifier {

    private final AzureBlobs blobs;

    AzureVerifier(AzureBlobs blobs) {
        this.blobs = blobs;
    }

    static boolean isOurs(DeliveryJob job, BlobProperties found) {
        return found.getMetadata() != null
                && found.getMetadata().entrySet().stream()
                        .anyMatch(entry -> entry.getKey().equalsIgnoreCase(AzureHeaders.UPLOAD_ID)
                                && entry.getValue().equals(job.uploadId()));
    }

    /**
     * @param sent the known parts; block ids of other parts are computed from the content
     * @throws DestinationException FINAL when the object is ours but damaged: another attempt would find it again
     */
    DeliveryReceipt verify(
            DeliveryJob job, BlobProperties found, List<SentPart> sent, ContentSource content, boolean adopted)
            throws DestinationException, IOException {
        if (found.getBlobSize() != job.length()) {
            throw damaged(job, "has " + found.getBlobSize() + " bytes instead of " + job.length());
        }
        if (job.plan().isSingle()) {
            return byMd5(job, found.getContentMd5(), content, adopted);
        }
        List<Block> blocks = blobs.committed(job);
        return isMadeOfOurs(job, blocks)
                ? byBlocks(job, blocks, sent, content, adopted)
                : new DeliveryReceipt(job.key(), null, Verification.SIZE, adopted);
    }

    private static DeliveryReceipt byMd5(
            DeliveryJob job, byte @Nullable [] found, ContentSource content, boolean adopted)
            throws DestinationException, IOException {
        if (found == null) {
            return new DeliveryReceipt(job.key(), null, Verification.SIZE, adopted);
        }
        String md5 = Base64.getEncoder().encodeToString(found);
        if (!MessageDigest.isEqual(found, Md5s.digest(content, 0, job.length()))) {
            throw damaged(job, "has another MD5, " + md5);
        }
        return new DeliveryReceipt(job.key(), md5, Verification.FULL_OBJECT_MD5, adopted);
    }

    /** False for a blob that another program has copied with our metadata, but with other blocks. */
    private static boolean isMadeOfOurs(DeliveryJob job, List<Block> blocks) {
        return blocks.size() == job.plan().partCount()
                && blocks.stream()
                        .allMatch(block -> AzureBlockId.parse(block.getName())
                                .filter(id -> id.uploadId().equals(job.uploadId()))
                                .isPresent());
    }

    private static DeliveryReceipt byBlocks(
            DeliveryJob job, List<Block> blocks, List<SentPart> sent, ContentSource content, boolean adopted)
            throws DestinationException, IOException {
        Map<Integer, String> known = new HashMap<>();
        sent.forEach(part -> known.put(part.number(), part.tag()));
        MessageDigest all = Md5s.md5();
        for (int number = 1; number <= blocks.size(); number++) {
            Block block = blocks.get(number - 1);
            String expected = known.containsKey(number) ? known.get(number) : named(job, number, content);
            if (!block.getName().equals(expected)
                    || block.getSizeLong() != job.plan().size(number)) {
                throw damaged(job, "has another block than ours as its number " + number);
            }
            all.update(AzureBlockId.parse(block.getName()).orElseThrow().digest());
        }
        String checksum = HexFormat.of().formatHex(all.digest()) + "-" + blocks.size();
        return new DeliveryReceipt(job.key(), checksum, Verification.PART_MD5, adopted);
    }

    private static String named(DeliveryJob job, int number, ContentSource content) throws IOException {
        byte[] md5 =
                Md5s.digest(content, job.plan().position(number), job.plan().size(number));
        return AzureBlockId.of(job.uploadId(), number, md5).encoded();
    }

    private static DestinationException damaged(DeliveryJob job, String what) {
        return new DestinationException(
                Failure.FINAL,
                "The object '" + job.key() + "' is ours but " + what + ": remove it, then retry the delivery");
    }
}
