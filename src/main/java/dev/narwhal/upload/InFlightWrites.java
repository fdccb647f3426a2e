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
 * Keeps a reader from reporting a commit that is not durable yet. H2 shows a commit before it is synced, but a power cut must
 * not take back an offset that a HEAD has reported. A writer announces its row here before the change can be visible, and
 * withdraws it once the change is durable. A reader reads the row first, and then waits for the announced writes of that row.
 */
final class InFlightWrites {

    private static final Duration MAX_WAIT = Duration.ofSeconds(5);

    private final ConcurrentMap<UploadId, CompletableFuture<Void>> ends = new ConcurrentHashMap<>();

    <T extends @Nullable Object> T during(UploadId id, Supplier<T> statements) {
        return during(id, write -> statements.get());
    }

    /** @param statements may announce further rows, before it changes them */
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
     * Returns when the writes of this row that were in flight at the call have ended, successfully or not.
     *
     * @throws QueryTimeoutException when a write takes longer than {@link #MAX_WAIT}, which no healthy disk needs
     */
    void awaitWritesOf(UploadId id) {
        CompletableFuture<Void> end = ends.get(id);
        if (end == null) {
            return;
        }
        try {
            end.copy().orTimeout(MAX_WAIT.toNanos(), TimeUnit.NANOSECONDS).join();
        } catch (CompletionException e) {
            throw new QueryTimeoutException(
                    "The row of upload " + id + " is being written for more than " + MAX_WAIT, e);
        }
    }

    /** One write. The caller uses it, and so does the thread that runs the caller's statements while the caller waits. */
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
