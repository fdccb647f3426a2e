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
 * The rows of final uploads and of the partials that they are made of.
 *
 * <p>Every transaction that needs several of them locks partials before finals, and each kind in the order of their ids: so
 * none waits for another that waits for it. What a transaction decides from other rows it reads after the lock, with a
 * statement of its own: the one that waited for the lock still shows what was before.
 */
final class FinalRows {

    private static final String LOCK = "select " + UploadRow.COLUMNS + """
            from upload where id in (:ids) order by id for update
            """;

    private static final String LOCK_OWN = "select " + UploadRow.COLUMNS + """
            from upload where id in (:ids) and owner = :owner order by id for update
            """;

    private static final String LOCK_WAITING = "select " + UploadRow.COLUMNS + """
            from upload
            where kind = 'FINAL' and state = 'RECEIVING'
                and id in (select final_id from upload_part where partial_id = :partial)
            order by id for update
            """;

    private static final String TALLY = """
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

    /** @param largest bytes that a final may have */
    FinalRows(JdbcClient jdbc, long largest) {
        this.jdbc = jdbc;
        this.largest = largest;
    }

    /** What becomes of a final. */
    record Change(Upload before, Upload after) {}

    /**
     * What becomes of the finals that are made of this upload, now that its row has moved: of two partials that are
     * finished at the same moment neither sees the other before it has the finals' locks, and whoever gets them second sees
     * both. No statement but for a partial whose length was declared or that was finished.
     *
     * @throws FinalTooLargeException when the length that was declared makes one of them too large
     */
    List<Change> after(Upload known, Upload moved) {
        boolean declared = known.isLengthDeferred() && !moved.isLengthDeferred();
        if (moved.kind() != UploadKind.PARTIAL || !(declared || moved.state().isComplete())) {
            return List.of();
        }
        return lockWaiting(moved.id()).stream()
                .map(waiting -> change(waiting, declared, moved.updatedAt()))
                .toList();
    }

    private Change change(Upload waiting, boolean declared, Instant now) {
        Tally tally = tally(waiting.id());
        if (declared) {
            tally.requireAtMost(largest);
        }
        return new Change(waiting, waiting.assembled(tally.total(), tally.isComplete(), now));
    }

    /**
     * A final that is being created holds the same lock: either it finds the tombstone, or this finds the final.
     *
     * @throws PartialInUseException when {@code upload} is a partial, and of a final that has not been delivered
     */
    void requireUnneeded(Upload upload) {
        if (upload.kind() == UploadKind.PARTIAL) {
            var unused = lock(List.of(upload.id()));
            if (isNeeded(upload.id())) {
                throw new PartialInUseException(upload.id());
            }
        }
    }

    /** Those of the rows that there are. Until the transaction in progress ends, nobody else changes them. */
    Map<UploadId, Upload> lock(Collection<UploadId> ids) {
        return locked(jdbc.sql(LOCK), ids);
    }

    /** The same of one owner's rows. */
    Map<UploadId, Upload> lock(Collection<UploadId> ids, String owner) {
        return locked(jdbc.sql(LOCK_OWN).param("owner", owner), ids);
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

    private Tally tally(UploadId whole) {
        return jdbc.sql(TALLY).param("final", whole.value()).query(Tally::read).single();
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

    /** True while a final that is made of this partial has not been delivered. */
    boolean isNeeded(UploadId partial) {
        return jdbc.sql(COUNT_UNDELIVERED)
                        .param("partial", partial.value())
                        .query(Long.class)
                        .single()
                > 0;
    }

    /** In their order; one that is named twice is there twice. */
    List<Upload> partials(UploadId whole) {
        return jdbc.sql(SELECT_PARTIALS)
                .param("final", whole.value())
                .query(UploadRow::read)
                .list();
    }

    /**
     * A final's partials together.
     *
     * @param parts how many they are
     * @param known how many of them have a length
     * @param finished how many of them are complete
     * @param knownBytes the sum of the lengths; it may be more than a long holds
     */
    private record Tally(long parts, long known, long finished, BigDecimal knownBytes) {

        private static Tally read(ResultSet row, int number) throws SQLException {
            @Nullable BigDecimal total = row.getBigDecimal("total");
            return new Tally(
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

        /** Null while a length is not known. */
        @Nullable
        Long total() {
            return known == parts ? knownBytes.longValueExact() : null;
        }
    }
}
