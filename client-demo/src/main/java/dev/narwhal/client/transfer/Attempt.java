package dev.narwhal.client.transfer;

import io.tus.java.client.ProtocolException;
import io.tus.java.client.TusUpload;
import io.tus.java.client.TusUploader;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One try at one upload: find out how far it is, or create it, then send what is missing. Runs once, on a thread of its own;
 * the other methods are for the thread that watches it.
 */
final class Attempt implements Callable<Void> {

    /** What was being asked of the server: the same status means different things in different steps. */
    enum Step {
        CREATING,
        ASKING,
        SENDING
    }

    private final TusConnections connections;
    private final SourceFile source;
    private final Metadata metadata;
    private final Pacer pacer;
    private final int requestSize;
    private final @Nullable URI known;
    private final Consumer<URI> created;
    private final Consumer<Long> begins;
    private final AtomicLong activity = new AtomicLong();
    private volatile Step step;
    private volatile long offset = -1;
    private volatile long position;
    private volatile boolean abandoned;

    /**
     * @param requestSize bytes in one PATCH at most
     * @param known null to create a new upload
     * @param created told the new upload's URL before the first byte is sent
     * @param begins told the offset from which bytes are sent
     */
    Attempt(
            TusConnections connections,
            SourceFile source,
            Metadata metadata,
            Pacer pacer,
            int requestSize,
            @Nullable URI known,
            Consumer<URI> created,
            Consumer<Long> begins) {
        this.connections = connections;
        this.source = source;
        this.metadata = metadata;
        this.pacer = pacer;
        this.requestSize = requestSize;
        this.known = known;
        this.created = created;
        this.begins = begins;
        this.step = known == null ? Step.CREATING : Step.ASKING;
    }

    @Override
    public @Nullable Void call() throws ProtocolException, IOException {
        try (SourceStream content = new SourceStream(source)) {
            TusUploader uploader = known == null ? create(upload(content)) : connections.resume(upload(content), known);
            proceed();
            offset = uploader.getOffset();
            position = offset;
            step = Step.SENDING;
            begins.accept(offset);
            send(uploader);
        }
        return null;
    }

    private TusUploader create(TusUpload upload) throws ProtocolException, IOException {
        TusUploader uploader = connections.createUpload(upload);
        proceed();
        created.accept(URI.create(uploader.getUploadURL().toString()));
        return uploader;
    }

    /** Nothing is sent when nothing is missing: an upload of no bytes is complete once it is created. */
    private void send(TusUploader uploader) throws ProtocolException, IOException {
        uploader.setRequestPayloadSize(requestSize);
        uploader.setChunkSize(pacer.writeSize());
        while (uploader.getOffset() < source.size()) {
            pace();
            uploader.uploadChunk();
            position = uploader.getOffset();
            proceed();
        }
        uploader.finish(false);
    }

    private void pace() throws IOException {
        try {
            pacer.await((int) Math.min(pacer.writeSize(), source.size() - position));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }

    private void proceed() throws IOException {
        activity.incrementAndGet();
        if (abandoned) {
            throw new StalledException("given up by the one who watched");
        }
    }

    private TusUpload upload(SourceStream content) {
        TusUpload upload = new EncodedUpload(metadata);
        upload.setSize(source.size());
        upload.setInputStream(content);
        return upload;
    }

    Step step() {
        return step;
    }

    /** What the server had when this attempt began to send; negative while that is not known. */
    long offset() {
        return offset;
    }

    /** Bytes handed to the connection, counted from the file's start. */
    long position() {
        return position;
    }

    /** Changes whenever something moves. */
    long activity() {
        return activity.get();
    }

    /** Whatever this attempt still learns has no effect. Returns at once, also when the connection cannot be ended. */
    void abandon() {
        abandoned = true;
        // Closing a TLS connection waits for the write that is stuck in it.
        Thread.ofPlatform().daemon().name("disconnect").start(connections::disconnect);
    }

    /** tus-java-client encodes metadata in the platform's charset; tus wants no particular one, every server takes UTF-8. */
    private static final class EncodedUpload extends TusUpload {

        private final String encoded;

        EncodedUpload(Metadata metadata) {
            encoded = metadata.encoded();
        }

        @Override
        public String getEncodedMetadata() {
            return encoded;
        }
    }
}
