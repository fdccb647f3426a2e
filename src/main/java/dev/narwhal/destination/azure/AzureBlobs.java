package dev.narwhal.destination.azure;

import com.azure.core.util.BinaryData;
import com.azure.core.util.Context;
import com.azure.storage.blob.BlobContainerAsyncClient;
import com.azure.storage.blob.BlobContainerClient;
import com.azure.storage.blob.models.AccessTier;
import com.azure.storage.blob.models.BlobHttpHeaders;
import com.azure.storage.blob.models.BlobProperties;
import com.azure.storage.blob.models.BlobRange;
import com.azure.storage.blob.models.BlobRequestConditions;
import com.azure.storage.blob.models.Block;
import com.azure.storage.blob.models.BlockListType;
import com.azure.storage.blob.models.DownloadRetryOptions;
import com.azure.storage.blob.options.BlockBlobCommitBlockListOptions;
import com.azure.storage.blob.options.BlockBlobSimpleUploadOptions;
import com.azure.storage.blob.options.BlockBlobStageBlockOptions;
import com.azure.storage.blob.specialized.BlockBlobClient;
import dev.narwhal.destination.ContentSource;
import dev.narwhal.destination.DeliveryJob;
import dev.narwhal.destination.OnConflict;
import dev.narwhal.destination.PartPlan;
import dev.narwhal.destination.SentPart;
import dev.narwhal.destination.parts.Md5s;
import dev.narwhal.destination.parts.ObjectHeaders;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SynchronousSink;

/** The requests of a delivery to one container. A failed request throws an {@link AzureCallException}, unclassified. */
final class AzureBlobs {

    /** Azure's limit for a block, in bytes. A blob from Put Blob may be larger. */
    static final long MAX_BLOCK_SIZE = 4000L << 20;

    private static final String ANY = "*";
    private static final int CHUNK = 64 * 1024;

    /** Key in the context of a request: how long the SDK waits, from the first byte sent to the response. */
    private static final String TIMEOUT = "azure-response-timeout";

    private static final Duration ANSWER_TIMEOUT = Duration.ofMinutes(2);

    /** The slowest transfer that the timeouts allow for. */
    private static final long LEAST_BYTES_PER_SECOND = 64 * 1024;

    private final BlobContainerClient container;
    private final BlobContainerAsyncClient downloads;
    private final @Nullable AccessTier tier;
    private volatile boolean closed;

    AzureBlobs(BlobContainerClient container, BlobContainerAsyncClient downloads, AzureProperties.@Nullable Tier tier) {
        this.container = container;
        this.downloads = downloads;
        this.tier = tier == null ? null : AccessTier.fromString(capitalised(tier.name()));
    }

    private static String capitalised(String name) {
        return name.charAt(0) + name.substring(1).toLowerCase(Locale.ROOT);
    }

    /** The container's URL, without a signature. */
    String url() {
        return container.getBlobContainerUrl().split("\\?", 2)[0];
    }

    private BlockBlobClient blob(String key) {
        return container.getBlobClient(key).getBlockBlobClient();
    }

    private static <T> T call(Supplier<T> request) {
        try {
            return request.get();
        } catch (RuntimeException e) {
            throw AzureFailures.of(e);
        }
    }

    Optional<BlobProperties> properties(String key) {
        return properties(key, ANSWER_TIMEOUT);
    }

    Optional<BlobProperties> properties(String key, Duration timeout) {
        try {
            return Optional.of(call(() -> blob(key).getPropertiesWithResponse(null, timeout, Context.NONE))
                    .getValue());
        } catch (AzureCallException e) {
            if (AzureFailures.isNotFound(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Sends the whole object by Put Blob, with its MD5, which the store verifies. */
    void put(DeliveryJob job, ContentSource content) throws IOException {
        byte[] md5 = Md5s.digest(content, 0, job.length());
        BlockBlobSimpleUploadOptions options = new BlockBlobSimpleUploadOptions(body(content, 0, job.length()))
                .setContentMd5(md5)
                .setHeaders(headers(job).setContentMd5(md5))
                .setMetadata(AzureHeaders.metadata(job))
                .setTier(tier)
                .setRequestConditions(unlessTaken(job));
        var unused = call(() -> blob(job.key()).uploadWithResponse(options, null, responseTimeout(job.length())));
    }

    /** Sends one part by Put Block, with its MD5, which the store verifies. The block stays uncommitted until the commit. */
    SentPart stage(DeliveryJob job, int number, ContentSource content) throws IOException {
        long position = job.plan().position(number);
        long size = job.plan().size(number);
        byte[] md5 = Md5s.digest(content, position, size);
        String block = AzureBlockId.of(job.uploadId(), number, md5).encoded();
        BlockBlobStageBlockOptions options =
                new BlockBlobStageBlockOptions(block, body(content, position, size)).setContentMd5(md5);
        var unused = call(() -> blob(job.key()).stageBlockWithResponse(options, null, responseTimeout(size)));
        return new SentPart(number, size, block, null);
    }

    /** The uncommitted blocks at the key that belong to this upload. */
    List<SentPart> staged(DeliveryJob job) {
        return blocks(job, BlockListType.UNCOMMITTED).stream()
                .flatMap(block -> AzureBlockId.parse(block.getName()).stream()
                        .filter(id -> id.uploadId().equals(job.uploadId()) && id.number() >= 1)
                        .filter(id -> id.number() <= PartPlan.MAX_PARTS)
                        .map(id -> new SentPart(id.number(), block.getSizeLong(), block.getName(), null)))
                .toList();
    }

    /** The committed blocks of the object in order; empty for an object from Put Blob. */
    List<Block> committed(DeliveryJob job) {
        return blocks(job, BlockListType.COMMITTED);
    }

    private List<Block> blocks(DeliveryJob job, BlockListType type) {
        try {
            var list = call(() -> blob(job.key()).listBlocks(type));
            return type == BlockListType.COMMITTED ? list.getCommittedBlocks() : list.getUncommittedBlocks();
        } catch (AzureCallException e) {
            if (AzureFailures.isNotFound(e)) {
                return List.of();
            }
            throw e;
        }
    }

    /** Makes the object visible by Put Block List, with exactly these blocks. Azure deletes all other blocks at the key. */
    void commit(DeliveryJob job, List<SentPart> parts) {
        List<String> names = parts.stream().map(SentPart::tag).toList();
        BlockBlobCommitBlockListOptions options = new BlockBlobCommitBlockListOptions(names)
                .setHeaders(headers(job))
                .setMetadata(AzureHeaders.metadata(job))
                .setTier(tier)
                .setRequestConditions(unlessTaken(job));
        var unused = call(() -> blob(job.key()).commitBlockListWithResponse(options, null, responseTimeout(0)));
    }

    private static BlobHttpHeaders headers(DeliveryJob job) {
        return new BlobHttpHeaders()
                .setContentType(ObjectHeaders.contentType(job.contentType()))
                .setContentDisposition(ObjectHeaders.contentDisposition(job.filename()));
    }

    private static @Nullable BlobRequestConditions unlessTaken(DeliveryJob job) {
        return job.onConflict() == OnConflict.OVERWRITE ? null : new BlobRequestConditions().setIfNoneMatch(ANY);
    }

    /** Deletes the object if it still has this ETag. No-op when it was replaced, or does not exist. */
    void delete(String key, String etag) {
        try {
            var unused = call(() -> blob(key)
                    .deleteWithResponse(null, new BlobRequestConditions().setIfMatch(etag), null, responseTimeout(0)));
        } catch (AzureCallException e) {
            if (!AzureFailures.isNotFound(e) && !e.code().equals("ConditionNotMet")) {
                throw e;
            }
        }
    }

    /** Streams a range. If the connection breaks, the SDK continues at the same position, provided the object is unchanged. */
    InputStream read(String key, long position, long length) {
        return call(() -> new FluxInputStream(Objects.requireNonNull(downloads
                        .getBlobAsyncClient(key)
                        .downloadStreamWithResponse(
                                new BlobRange(position, length),
                                new DownloadRetryOptions().setMaxRetryRequests(2),
                                null,
                                false)
                        .block(ANSWER_TIMEOUT))
                .getValue()));
    }

    /** @param bytes of the request's body */
    private static Context responseTimeout(long bytes) {
        return new Context(TIMEOUT, ANSWER_TIMEOUT.plusSeconds(bytes / LEAST_BYTES_PER_SECOND));
    }

    /** A request body. The SDK reads it again for each retry. */
    private BinaryData body(ContentSource content, long position, long length) {
        long end = position + length;
        Flux<ByteBuffer> chunks = Flux.generate(() -> position, (at, sink) -> next(content, at, end, sink));
        return Objects.requireNonNull(BinaryData.fromFlux(chunks, length, false).block());
    }

    private Long next(ContentSource content, long at, long end, SynchronousSink<ByteBuffer> sink) {
        try {
            if (closed) {
                throw new IOException("the process is stopping");
            }
            if (at == end) {
                sink.complete();
                return at;
            }
            ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK, end - at));
            int read = content.read(chunk, at);
            if (read < 0) {
                throw new EOFException("The content ends at " + at + " instead of " + content.length());
            }
            sink.next(chunk.flip());
            return at + read;
        } catch (IOException e) {
            sink.error(e);
            return at;
        }
    }

    /** Request bodies in flight end with an error. */
    void close() {
        closed = true;
    }
}
