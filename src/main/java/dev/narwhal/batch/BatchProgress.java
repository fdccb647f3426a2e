package dev.narwhal.batch;

import dev.narwhal.upload.UploadState;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;

/**
 * How far a batch is. Partials of concatenated uploads are not counted; their finals are.
 *
 * @param uploads how many it has; more may come, since a client says nowhere how many there will be
 * @param bytes of all uploads; of those without a declared length, what has come
 * @param received durable bytes
 * @param lengthsKnown false while the length of one of them is not declared
 * @param firstCreatedAt when the first upload was created
 * @param lastChangedAt when one of the uploads changed last
 * @param counts uploads by state; each state is named
 */
public record BatchProgress(
        String owner,
        String batch,
        long uploads,
        long bytes,
        long received,
        boolean lengthsKnown,
        Instant firstCreatedAt,
        Instant lastChangedAt,
        Map<UploadState, Long> counts) {

    BatchProgress plus(BatchProgress other) {
        return new BatchProgress(
                owner,
                batch,
                uploads + other.uploads,
                bytes + other.bytes,
                received + other.received,
                lengthsKnown && other.lengthsKnown,
                firstCreatedAt.isBefore(other.firstCreatedAt) ? firstCreatedAt : other.firstCreatedAt,
                lastChangedAt.isAfter(other.lastChangedAt) ? lastChangedAt : other.lastChangedAt,
                counts);
    }

    BatchProgress counted(Map<UploadState, Long> byState) {
        Map<UploadState, Long> all = new EnumMap<>(UploadState.class);
        for (UploadState state : UploadState.values()) {
            all.put(state, byState.getOrDefault(state, 0L));
        }
        return new BatchProgress(
                owner, batch, uploads, bytes, received, lengthsKnown, firstCreatedAt, lastChangedAt, all);
    }
}
