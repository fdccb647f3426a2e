package dev.narwhal.upload;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.QueryTimeoutException;

/**
 * Keeps a reader from telling what is committed but not durable yet: H2 shows a commit before it is synced, and an offset
 * that a HEAD has told must not be taken back by a power cut. A write is announced here before it can be visible and until
 * it is durable; a reader reads first, and then waits for the writes of that very row.
 */
final class InFlightWrites {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final ConcurrentMap<UploadId, CompletableFuture<Void>> ends = new ConcurrentHashMap<>();

    <T extends @Nullable Object> T during(UploadId id, Supplier<T> statements) {
        return during(id, write -> statements.get());
    }

    /** @param statements may announce further rows, before they change them */
    <T extends @Nullable Object> T during(UploadId id, Function<Write, T> statements) {
        Write write = new Write();
        write.announce(id);
        try {
            return statements.apply(write);
        } finally {
            write.end();
        }
    }

    /**
     * Returns when the writes of this row that were in flight at the call have ended, well or badly.
     *
     * @throws QueryTimeoutException when they take longer than any disk that is well
     */
    void settle(UploadId id) {
        CompletableFuture<Void> end = ends.get(id);
        if (end == null) {
            return;
        }
        try {
            end.copy().orTimeout(PATIENCE.toNanos(), TimeUnit.NANOSECONDS).join();
        } catch (CompletionException e) {
            throw new QueryTimeoutException(
                    "The row of upload " + id + " is being written for more than " + PATIENCE, e);
        }
    }

    /** One write. Used by its caller, and meanwhile by the thread that runs the statements the caller waits for. */
    final class Write {

        private final CompletableFuture<Void> mine = new CompletableFuture<>();
        private final Set<UploadId> rows = new HashSet<>();

        private Write() {}

        void announce(UploadId id) {
            if (rows.add(id)) {
                ends.merge(id, mine, CompletableFuture::allOf);
            }
        }

        private void end() {
            mine.complete(null);
            rows.forEach(id -> ends.computeIfPresent(id, (row, all) -> all.isDone() ? null : all));
        }
    }
}
