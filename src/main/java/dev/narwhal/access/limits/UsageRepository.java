package dev.narwhal.access.limits;

import dev.narwhal.database.DatabaseProduct;
import dev.narwhal.database.RowCommitter;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The {@code usage} table: one row for each owner and one for each key. {@link #add} and {@link #remove} join the transaction
 * in progress, which locks the row to its end: they come after all locks of uploads. Safe for any number of threads.
 */
public final class UsageRepository {

    private static final String SELECT = "select staged, active from usage where scope = :scope and subject = :subject";

    private static final String ADD = """
            update usage set staged = staged + :staged, active = active + :active
            where scope = :scope and subject = :subject and staged <= :stagedRoom and active <= :activeRoom
            """;

    private static final String INSERT = """
            insert into usage (scope, subject, staged, active) values (:scope, :subject, 0, 0) on conflict do nothing
            """;

    /** All changes of H2 are made by one thread. */
    private static final String INSERT_H2 = """
            insert into usage (scope, subject, staged, active)
            select :scope, :subject, 0, 0
            where not exists (select 1 from usage where scope = :scope and subject = :subject)
            """;

    private static final String LOCK = SELECT + " for update";

    /** What the rows of the uploads say. A final has no bytes of its own, and is not counted. */
    private static final String COUNT = """
            select coalesce(sum(coalesce(length, "offset")), 0) as staged,
                coalesce(sum(case when state = 'RECEIVING' then 1 else 0 end), 0) as active
            from upload where state in ('RECEIVING', 'FINISHED', 'FAILED') and kind <> 'FINAL' and
            """;

    private static final String COUNT_OF_OWNER = COUNT + "owner = :subject";
    private static final String COUNT_OF_KEY = COUNT + "(credential = :subject or credential like '%/' || :subject)";

    private static final String SET = """
            update usage set staged = :staged, active = :active where scope = :scope and subject = :subject
            """;

    private static final String PAGE = """
            select subject, staged, active from usage where scope = 'OWNER' and subject > :after
            order by subject limit :limit
            """;

    private final JdbcClient jdbc;
    private final RowCommitter committer;
    private final String insert;

    public UsageRepository(JdbcClient jdbc, RowCommitter committer, DataSource dataSource) {
        this.jdbc = jdbc;
        this.committer = committer;
        this.insert = DatabaseProduct.of(dataSource) == DatabaseProduct.H2 ? INSERT_H2 : INSERT;
    }

    /** One row of {@link #owners}. */
    public record Owned(String owner, Usage usage) {}

    /**
     * Adds what fits. One statement, two more for the first use of a subject.
     *
     * @param stagedLimit null for none
     * @param activeLimit null for none
     * @return false when it does not fit; nothing has changed
     */
    boolean add(Scope scope, String subject, Usage more, @Nullable Long stagedLimit, @Nullable Long activeLimit) {
        if (update(scope, subject, more, stagedLimit, activeLimit)) {
            return true;
        }
        // On PostgreSQL this waits for another transaction that adds the row: it is there afterwards, by whomever.
        int unused = jdbc.sql(insert)
                .param("scope", scope.name())
                .param("subject", subject)
                .update();
        return update(scope, subject, more, stagedLimit, activeLimit);
    }

    private boolean update(
            Scope scope, String subject, Usage more, @Nullable Long stagedLimit, @Nullable Long activeLimit) {
        return jdbc.sql(ADD)
                        .param("scope", scope.name())
                        .param("subject", subject)
                        .param("staged", more.stagedBytes())
                        .param("active", more.activeUploads())
                        .param("stagedRoom", room(stagedLimit, more.stagedBytes()))
                        .param("activeRoom", room(activeLimit, more.activeUploads()))
                        .update()
                == 1;
    }

    /** The largest value that leaves room. Numbers of the table exceed a long, where no limit is. */
    private static BigDecimal room(@Nullable Long limit, long more) {
        return limit == null || more <= 0
                ? new BigDecimal("1E37")
                : BigDecimal.valueOf(limit).subtract(BigDecimal.valueOf(more));
    }

    /** What is in use; nothing for a subject without a row. One statement. */
    public Usage find(Scope scope, String subject) {
        return jdbc.sql(SELECT)
                .param("scope", scope.name())
                .param("subject", subject)
                .query(UsageRepository::read)
                .optional()
                .orElse(Usage.NONE);
    }

    /** What a count of all uploads gives. Reads every upload of that subject. */
    public Usage count(Scope scope, String subject) {
        return jdbc.sql(scope == Scope.KEY ? COUNT_OF_KEY : COUNT_OF_OWNER)
                .param("subject", subject)
                .query(UsageRepository::read)
                .single();
    }

    /** Sets a row to what a count gives. Changes of uploads on other nodes wait meanwhile. Durable when this returns. */
    public void recount(Scope scope, String subject) {
        var unused = committer.commit(() -> {
            jdbc.sql(insert)
                    .param("scope", scope.name())
                    .param("subject", subject)
                    .update();
            // PostgreSQL counts with a snapshot that is newer than the lock only in a statement of its own.
            var locked = jdbc.sql(LOCK)
                    .param("scope", scope.name())
                    .param("subject", subject)
                    .query(UsageRepository::read)
                    .single();
            Usage now = count(scope, subject);
            return jdbc.sql(SET)
                    .param("scope", scope.name())
                    .param("subject", subject)
                    .param("staged", now.stagedBytes())
                    .param("active", now.activeUploads())
                    .update();
        });
    }

    /**
     * Owners by name, those who have ever created an upload.
     *
     * @param after the last owner of the page before; empty for the first page
     * @param limit at least 1
     */
    public List<Owned> owners(String after, int limit) {
        return jdbc.sql(PAGE)
                .param("after", after)
                .param("limit", limit)
                .query((row, number) -> new Owned(row.getString("subject"), read(row, number)))
                .list();
    }

    private static Usage read(ResultSet row, int number) throws SQLException {
        return new Usage(clamped(row.getBigDecimal("staged")), row.getLong("active"));
    }

    private static long clamped(BigDecimal value) {
        return value.min(BigDecimal.valueOf(Long.MAX_VALUE)).longValue();
    }
}
