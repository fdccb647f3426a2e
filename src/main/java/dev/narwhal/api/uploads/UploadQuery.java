package dev.narwhal.api.uploads;

import dev.narwhal.api.ApiError;
import dev.narwhal.api.ApiProblem;
import dev.narwhal.upload.UploadState;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Parameters of a list of uploads; null means that the client did not name one.
 *
 * @param state the states; all of them by default
 * @param owner exactly
 * @param filename a part of the file's name, in any case
 * @param metadata {@code key=value}: the decoded metadata has exactly this value
 * @param destination the destination of the upload's delivery
 * @param batch the batch, of the caller or of {@code owner}
 * @param createdAfter the earliest creation, itself included
 * @param createdBefore the end of the creations, itself not included
 * @param limit items of a page, 1 to {@value #LARGEST}
 * @param cursor where the page begins: {@code next} of the page before
 */
record UploadQuery(
        @Nullable List<UploadState> state,
        @Nullable String owner,
        @Nullable String filename,
        @Nullable String metadata,
        @Nullable String destination,
        @Nullable String batch,
        @Nullable Instant createdAfter,
        @Nullable Instant createdBefore,
        @Nullable ListOrder order,
        @Nullable Integer limit,
        @Nullable String cursor) {

    static final int LARGEST = 200;
    static final int DEFAULT = 50;

    UploadQuery {
        if (limit != null && (limit < 1 || limit > LARGEST)) {
            throw new ApiProblem(
                    ApiError.INVALID_PARAMETER, "The parameter limit must be 1 to " + LARGEST + ", not " + limit + ".");
        }
        if (metadata != null && metadata.indexOf('=') < 1) {
            throw new ApiProblem(ApiError.INVALID_PARAMETER, "The parameter metadata must be key=value.");
        }
    }

    static UploadQuery of(UploadState state, ListOrder order, int limit) {
        return new UploadQuery(List.of(state), null, null, null, null, null, null, null, order, limit, null);
    }

    Set<UploadState> states() {
        return state == null || state.isEmpty() ? EnumSet.allOf(UploadState.class) : EnumSet.copyOf(state);
    }

    ListOrder ordered() {
        return Objects.requireNonNullElse(order, ListOrder.NEWEST);
    }

    int size() {
        return Objects.requireNonNullElse(limit, DEFAULT);
    }

    /** The same list of one owner. */
    UploadQuery ownedBy(String name) {
        return new UploadQuery(
                state, name, filename, metadata, destination, batch, createdAfter, createdBefore, order, limit, cursor);
    }

    /** True when rows must be read to find out whether they belong to the list. */
    boolean isSifting() {
        return filename != null || metadata != null || destination != null;
    }
}
