package dev.narwhal.api.events;

import dev.narwhal.batch.BatchKey;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadDescription;
import dev.narwhal.upload.UploadEvent;
import dev.narwhal.upload.UploadKind;
import dev.narwhal.upload.UploadState;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What has happened to an upload.
 *
 * @param upload its row then, without its metadata
 * @param batch that the upload belongs to; null for none
 * @param offset up to which its bytes have come
 * @param reason why a body ended early; else null
 */
record News(
        Type type,
        Upload upload,
        @Nullable String batch,
        long offset,
        @Nullable String reason) {

    /** The names of the events in the stream. */
    enum Type {
        /** The upload as it is when a stream begins. */
        STATE,
        CREATED,
        PROGRESS,
        INTERRUPTED,
        FINISHED,
        DELIVERED,
        FAILED,
        RETRIED,
        EXPIRED,
        TERMINATED,
        FORGOTTEN;

        static Type of(UploadEvent.Type change) {
            return switch (change) {
                case CREATED -> CREATED;
                case ADVANCED -> PROGRESS;
                case FINISHED -> FINISHED;
                case DELIVERED -> DELIVERED;
                case DELIVERY_FAILED -> FAILED;
                case RETRIED -> RETRIED;
                case EXPIRED -> EXPIRED;
                case TERMINATED -> TERMINATED;
                case FORGOTTEN -> FORGOTTEN;
            };
        }

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final int LONGEST_NAME = 255;

    static News of(Type type, Upload upload) {
        return of(type, upload, null);
    }

    static News interrupted(Upload upload, String reason) {
        return of(Type.INTERRUPTED, upload, reason);
    }

    private static News of(Type type, Upload upload, @Nullable String reason) {
        return new News(type, slim(upload), BatchKey.of(upload.metadata()).orElse(null), upload.offset(), reason);
    }

    /** The same upload, whose body has brought more than its row says. */
    News at(long progress) {
        return new News(Type.PROGRESS, upload, batch, progress, null);
    }

    /** Thousands of these are kept, and clients decide how long their metadata is. */
    private static Upload slim(Upload upload) {
        @Nullable String name = upload.filename();
        return new Upload(
                upload.identity(),
                new UploadDescription(
                        null,
                        name == null || name.length() <= LONGEST_NAME ? name : name.substring(0, LONGEST_NAME),
                        null,
                        null),
                upload.progress(),
                upload.lifecycle());
    }

    Data data() {
        return new Data(
                upload.id().value(),
                upload.owner(),
                upload.kind(),
                upload.state(),
                offset,
                upload.length(),
                upload.filename(),
                batch,
                upload.createdAt(),
                upload.updatedAt(),
                reason);
    }

    /**
     * The data of each event.
     *
     * @param length null while it is deferred
     */
    record Data(
            String upload,
            String owner,
            UploadKind kind,
            UploadState state,
            long offset,
            @Nullable Long length,
            @Nullable String filename,
            @Nullable String batch,
            Instant createdAt,
            Instant updatedAt,
            @Nullable String reason) {}
}
