package dev.narwhal.upload;

import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * The rows of final uploads and of their partials.
 *
 * <p>Every transaction that locks several of these rows locks partials before finals, and each kind in the order of the ids.
 * This order prevents deadlocks. A transaction reads the other rows it decides from in a separate statement after the lock: the
 * statement that has waited for the lock still returns the rows as they were before the wait.
 */
final class FinalRows {

    private static final String LOCK = "select " + UploadRow.COLUMNS + """
            from upload where id in (:ids) order by id for update
            """;

    private static final SightStatement LOCK_SEEN = new SightStatement("select " + UploadRow.COLUMNS + """
            from upload where id in (:ids)%s order by id for update
            """);

    private static final String LOCK_WAITING = "select " + UploadRow.COLUMNS + """
            from upload
            where kind = 'FINAL' and state = 'RECEIVING'
                and id in (select final_id from upload_part where partial_id = :partial)
            order by id for update
            """;

    private static final String TOTALS = """
            select count(*) as parts, count(u.length) as known, sum(u.length) as total,
                count(case when u.state = 'FINISHED' then 1 end) as finished
            from upload_part p join upload u on u.id = p.partial_id
            where p.final_id = :final
            """;

    private static final String INSERT_PARTS =
            "insert into upload_part (final_id, position, partial_id) values (?, ?, ?)";

    private static final String ONE_MORE_PART = ", (?, ?, ?)";

    private static final String COUNT_UNDELIVERED = """
            select count(*)
            from upload_part p join upload f on f.id = p.final_id
            where p.partial_id = :partial and f.state in ('RECEIVING', 'FINISHED', 'FAILED')
            """;

    private static final String SELECT_PARTIALS = "select " + UploadRow.COLUMNS + """
            from upload_part p join upload u on u.id = p.partial_id
            where p.final_id = :final order by p.position
            """;

    private final JdbcClient jdbc;
    private final long largest;

    /** @param largest maximum bytes of a final */
    FinalRows(JdbcClient jdbc, long largest) {
        this.jdbc = jdbc;
        this.largest = largest;
    }

    /** A final before and after the change of one of its partials. */
    record Change(Upload before, Upload after) {}

    /**
     * The changes of the finals that list this partial, now that the partial's row has moved. Two partials may finish at the
     * same moment, and neither transaction sees the other's change before it holds the finals' locks; the transaction that gets
     * the locks second sees both. Sends statements only for a partial whose length was declared or whose last byte has come.
     *
     * @throws FinalTooLargeException when the declared length makes a final too large
     */
    List<Change> changesAfter(Upload known, Upload moved) {
        boolean declared = known.isLengthDeferred() && !moved.isLengthDeferred();
        if (moved.kind() != UploadKind.PARTIAL || !(declared || moved.state().isComplete())) {
            return List.of();
        }
        return lockWaiting(moved.id()).stream()
                .map(waiting -> change(waiting, declared, moved.updatedAt()))
                .toList();
    }

    private Change change(Upload waiting, boolean declared, Instant now) {
        PartialTotals totals = totals(waiting.id());
        if (declared) {
            totals.requireAtMost(largest);
        }
        return new Change(waiting, waiting.assembled(totals.total(), totals.isComplete(), now));
    }

    /**
     * The creation of a final takes the same lock: either the creation finds the partial's tombstone, or this method finds the
     * final.
     *
     * @throws PartialInUseException when {@code upload} is a partial of an undelivered final
     */
    void requireNotInUse(Upload upload) {
        if (upload.kind() == UploadKind.PARTIAL) {
            var unused = lock(List.of(upload.id()));
            if (isNeeded(upload.id())) {
                throw new PartialInUseException(upload.id());
            }
        }
    }

    /** The rows that exist among the ids. Nobody else changes them until the transaction in progress ends. */
    Map<UploadId, Upload> lock(Collection<UploadId> ids) {
        return locked(jdbc.sql(LOCK), ids);
    }

    /** As {@link #lock(Collection)}, for the rows that the caller finds. */
    Map<UploadId, Upload> lock(Collection<UploadId> ids, Sight sight) {
        return locked(LOCK_SEEN.of(jdbc, sight), ids);
    }

    private static Map<UploadId, Upload> locked(StatementSpec statement, Collection<UploadId> ids) {
        return statement
                .param("ids", ids.stream().map(UploadId::value).distinct().toList())
                .query(UploadRow::read)
                .list()
                .stream()
                .collect(Collectors.toMap(Upload::id, Function.identity()));
    }

    private List<Upload> lockWaiting(UploadId partial) {
        return jdbc.sql(LOCK_WAITING)
                .param("partial", partial.value())
                .query(UploadRow::read)
                .list();
    }

    private PartialTotals totals(UploadId whole) {
        return jdbc.sql(TOTALS)
                .param("final", whole.value())
                .query(PartialTotals::read)
                .single();
    }

    void insertParts(UploadId whole, List<UploadId> partials) {
        List<Object> values = new ArrayList<>();
        for (UploadId partial : partials) {
            values.add(whole.value());
            values.add(values.size() / 3);
            values.add(partial.value());
        }
        jdbc.sql(INSERT_PARTS + ONE_MORE_PART.repeat(partials.size() - 1))
                .params(values)
                .update();
    }

    /** True while a final that lists this partial is undelivered. */
    boolean isNeeded(UploadId partial) {
        return jdbc.sql(COUNT_UNDELIVERED)
                        .param("partial", partial.value())
                        .query(Long.class)
                        .single()
                > 0;
    }

    /** In the order of the final's list; a partial that the final names twice appears twice. */
    List<Upload> partials(UploadId whole) {
        return jdbc.sql(SELECT_PARTIALS)
                .param("final", whole.value())
                .query(UploadRow::read)
                .list();
    }

    /**
     * The partials of one final, summed up.
     *
     * @param parts the number of partials
     * @param known the number of partials with a declared length
     * @param finished the number of finished partials
     * @param knownBytes the sum of the declared lengths; it may exceed a long
     */
    private record PartialTotals(long parts, long known, long finished, BigDecimal knownBytes) {

        private static PartialTotals read(ResultSet row, int number) throws SQLException {
            @Nullable BigDecimal total = row.getBigDecimal("total");
            return new PartialTotals(
                    row.getLong("parts"),
                    row.getLong("known"),
                    row.getLong("finished"),
                    total == null ? BigDecimal.ZERO : total);
        }

        boolean isComplete() {
            return finished == parts;
        }

        void requireAtMost(long largest) {
            if (knownBytes.compareTo(BigDecimal.valueOf(largest)) > 0) {
                throw new FinalTooLargeException(largest);
            }
        }

        /** Null while the length of a partial is not declared. */
        @Nullable
        Long total() {
            return known == parts ? knownBytes.longValueExact() : null;
        }
    }
}
