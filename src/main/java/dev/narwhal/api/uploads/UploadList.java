package dev.narwhal.api.uploads;

import dev.narwhal.api.ApiError;
import dev.narwhal.api.ApiProblem;
import dev.narwhal.api.Cursor;
import dev.narwhal.api.Page;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Pages of uploads. A page reads at most {@value #SCANNED} rows: where a condition that no index has keeps few of them, the page has
 * fewer items than its limit, and the next page goes on behind the last row that was read.
 */
class UploadList {

    /** Rows that a page reads for a condition that no index has. */
    static final int SCANNED = 250;

    /** The longest list that can be sorted by something that no index has. */
    static final int SORTED = 1_000;

    private final UploadStreams streams;

    UploadList(UploadStreams streams) {
        this.streams = streams;
    }

    /** @throws ApiProblem 400 for a cursor of another list, and for a list that is too long for its order */
    Page<ListedUpload> page(UploadQuery query) {
        return query.ordered().isIndexed() ? byCreation(query) : sorted(query);
    }

    private Page<ListedUpload> byCreation(UploadQuery query) {
        boolean scanning = query.isSifting() || query.owner() != null || query.batch() != null;
        Window window = window(query).limitedTo(scanning ? Math.max(SCANNED, query.size() + 1) : query.size() + 1);
        List<ListedUpload> rows = read(query, window);
        List<ListedUpload> kept = sifted(query, rows);
        if (kept.size() > query.size()) {
            List<ListedUpload> items = kept.subList(0, query.size());
            return new Page<>(withDeliveries(query, items), cursor(query, items.getLast()));
        }
        return new Page<>(
                withDeliveries(query, kept), rows.size() < window.rows() ? null : cursor(query, rows.getLast()));
    }

    private List<ListedUpload> read(UploadQuery query, Window window) {
        String owner = query.owner();
        if (query.batch() != null) {
            return streams.ofBatch(Objects.requireNonNullElse(owner, ""), query.batch(), window);
        }
        return owner == null || owner.isEmpty()
                ? streams.ofStates(query.states(), window)
                : streams.ofOwner(owner, window);
    }

    private List<ListedUpload> sifted(UploadQuery query, List<ListedUpload> rows) {
        Sieve sieve = new Sieve(query);
        List<ListedUpload> kept = rows.stream().filter(sieve).toList();
        return query.destination() == null
                ? kept
                : streams.withDeliveries(kept).stream()
                        .filter(sieve::hasDestination)
                        .toList();
    }

    /** They are read for the items of a page alone, unless the list asks for them. */
    private List<ListedUpload> withDeliveries(UploadQuery query, List<ListedUpload> items) {
        return query.destination() == null ? streams.withDeliveries(items) : items;
    }

    private static String cursor(UploadQuery query, ListedUpload last) {
        return Cursor.of(name(query), last.createdAt(), last.id()).text();
    }

    private static String name(UploadQuery query) {
        return "uploads-" + query.ordered().name().toLowerCase(Locale.ROOT);
    }

    private static Window window(UploadQuery query) {
        Instant from = Objects.requireNonNullElse(query.createdAfter(), Window.FIRST);
        Instant until = Objects.requireNonNullElse(query.createdBefore(), Window.LAST);
        boolean descending = query.ordered().isDescending();
        @Nullable
        Cursor cursor = query.cursor() == null || !query.ordered().isIndexed()
                ? null
                : Cursor.parse(query.cursor(), name(query), 2);
        if (cursor != null) {
            return new Window(descending, cursor.time(0), cursor.word(1), descending ? from : until, 0);
        }
        return descending ? new Window(true, until, "", from, 0) : new Window(false, from, "", until, 0);
    }

    private Page<ListedUpload> sorted(UploadQuery query) {
        List<ListedUpload> rows = read(query, window(query).limitedTo(SORTED + 1));
        if (rows.size() > SORTED) {
            throw new ApiProblem(ApiError.LIST_TOO_LONG);
        }
        ToLongFunction<ListedUpload> value =
                query.ordered() == ListOrder.SIZE ? ListedUpload::size : ListedUpload::progress;
        Comparator<ListedUpload> order =
                Comparator.comparingLong(value).reversed().thenComparing(ListedUpload::id);
        List<ListedUpload> kept = sifted(query, rows).stream()
                .sorted(order)
                .filter(row -> isBeyond(query, value.applyAsLong(row), row.id()))
                .limit(query.size() + 1L)
                .toList();
        if (kept.size() <= query.size()) {
            return new Page<>(withDeliveries(query, kept), null);
        }
        ListedUpload last = kept.get(query.size() - 1);
        return new Page<>(
                withDeliveries(query, kept.subList(0, query.size())),
                Cursor.of(name(query), value.applyAsLong(last), last.id()).text());
    }

    private static boolean isBeyond(UploadQuery query, long value, String id) {
        if (query.cursor() == null) {
            return true;
        }
        Cursor cursor = Cursor.parse(query.cursor(), name(query), 2);
        return value < cursor.number(0) || value == cursor.number(0) && id.compareTo(cursor.word(1)) > 0;
    }
}
