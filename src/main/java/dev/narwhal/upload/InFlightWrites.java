package dev.narwhal.upload;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a reader from telling what is committed but not durable yet: H2 shows a commit before it is synced, and an offset
 * that a HEAD has told must not be taken back by a power cut. A write is announced here before it can be visible and until
 * it is durable; a reader reads first, and then waits for the writes of that very row.
 */
final class InFlightWrites {

    private final ConcurrentMap<UploadId, CompletableFuture<Void>> ends = new ConcurrentHashMap<>();

    <T extends @Nullable Object> T during(UploadId id, Supplier<T> write) {
        CompletableFuture<Void> mine = new CompletableFuture<>();
        ends.merge(id, mine, CompletableFuture::allOf);
        try {
            return write.get();
        } finally {
            mine.complete(null);
            ends.computeIfPresent(id, (row, all) -> all.isDone() ? null : all);
        }
    }

    /** Returns when the writes of this row that were in flight at the call have ended, well or badly. */
    void settle(UploadId id) {
        CompletableFuture<Void> end = ends.get(id);
        if (end != null) {
            end.join();
        }
    }
}
