package dev.narwhal.api.uploads;

import dev.narwhal.api.Page;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadState;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Retries all deliveries that were given up and are alike, the oldest first. */
final class RetryAll {

    /** Deliveries that one request retries by itself. */
    static final int DEFAULT = 200;

    static final int LARGEST = 1_000;

    /** Pages that one request reads: the rest is for the next one. */
    private static final int PAGES = 20;

    private RetryAll() {}

    /**
     * Which deliveries; null for any.
     *
     * @param error a part of the last error, in any case: what they have in common
     * @param limit deliveries, 1 to {@value RetryAll#LARGEST}; {@value RetryAll#DEFAULT} by default
     * @param cursor {@code next} of the request before
     */
    record Request(
            @Nullable String destination,
            @Nullable String error,
            @Nullable String owner,
            @Nullable String filename,
            @Nullable Instant createdAfter,
            @Nullable Instant createdBefore,
            @Nullable Integer limit,
            @Nullable String cursor) {

        Request {
            if (limit != null && (limit < 1 || limit > LARGEST)) {
                throw new IllegalArgumentException("The field limit must be 1 to " + LARGEST + ", not " + limit + ".");
            }
        }

        UploadQuery query(@Nullable String from, int size) {
            return new UploadQuery(
                    List.of(UploadState.FAILED),
                    owner,
                    filename,
                    null,
                    destination,
                    null,
                    createdAfter,
                    createdBefore,
                    ListOrder.OLDEST,
                    size,
                    from);
        }

        boolean fits(ListedUpload upload) {
            if (error == null) {
                return true;
            }
            String last = upload.delivery() == null ? null : upload.delivery().lastError();
            return last != null && last.toLowerCase(Locale.ROOT).contains(error.toLowerCase(Locale.ROOT));
        }
    }

    /**
     * What a request did.
     *
     * @param retried how many deliveries wait again
     * @param next to be sent as {@code cursor} for those that are left; null when there are none
     */
    record Result(int retried, @Nullable String next) {}

    /** @param retry false when the delivery is not a failed one any more */
    static Result of(Request request, UploadList list, Predicate<UploadId> retry) {
        int limit = Objects.requireNonNullElse(request.limit(), DEFAULT);
        int retried = 0;
        @Nullable String next = request.cursor();
        for (int pages = 0; pages < PAGES && retried < limit; pages++) {
            Page<ListedUpload> page = list.page(request.query(next, Math.min(UploadQuery.LARGEST, limit - retried)));
            for (ListedUpload upload : page.items()) {
                if (request.fits(upload) && retry.test(new UploadId(upload.id()))) {
                    retried++;
                }
            }
            next = page.next();
            if (next == null) {
                break;
            }
        }
        return new Result(retried, next);
    }
}
