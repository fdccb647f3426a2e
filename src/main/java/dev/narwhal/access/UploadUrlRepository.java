package dev.narwhal.access;

import static dev.narwhal.access.ApiKeyRepository.instant;
import static dev.narwhal.access.ApiKeyRepository.timestamp;

import dev.narwhal.database.RowCommitter;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The {@code upload_url} table. A change is durable when its method returns. */
public class UploadUrlRepository {

    private static final String COLUMNS = """
            id, owner, issuer, created_at, created_by, start_by, idle_at_most, max_size, types, max_uses, uses, metadata,
                object_key, origin, may_read, revoked_at
            """;

    private static final String INSERT = """
            insert into upload_url (id, token_hash, owner, issuer, created_at, created_by, start_by, idle_at_most, max_size,
                types, max_uses, metadata, object_key, origin, may_read)
            values (:id, :hash, :owner, :issuer, :createdAt, :createdBy, :startBy, :idleAtMost, :maxSize,
                :types, :maxUses, :metadata, :objectKey, :origin, :mayRead)
            """;

    private static final String MAY_BEGIN = " where id = :id and revoked_at is null and start_by > :now";

    private static final String USE =
            "update upload_url set uses = uses + 1" + MAY_BEGIN + " and (max_uses is null or uses < max_uses)";

    private static final String USE_FOR_PARTIAL = "update upload_url set partials = partials + 1" + MAY_BEGIN
            + " and (max_uses is null or (uses < max_uses and partials < :most * max_uses))";

    private static final String LIST = "select " + COLUMNS + """
            from upload_url
            where (:owner = '' or owner = :owner) and (created_at, id) < (:before, :beforeId)
            order by created_at desc, id desc fetch first :most rows only
            """;

    private final JdbcClient jdbc;
    private final RowCommitter committer;

    public UploadUrlRepository(JdbcClient jdbc, RowCommitter committer) {
        this.jdbc = jdbc;
        this.committer = committer;
    }

    /** @param hash of its token */
    void add(UploadUrl url, String hash) {
        UploadUrl.Grant grant = url.grant();
        Duration idle = grant.idleAtMost();
        int unused = committer.commit(() -> jdbc.sql(INSERT)
                .param("id", url.id())
                .param("hash", hash)
                .param("owner", url.owner())
                .param("issuer", url.issuer(), Types.VARCHAR)
                .param("createdAt", timestamp(url.life().createdAt()), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("createdBy", url.life().createdBy())
                .param("startBy", timestamp(url.life().startBy()), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("idleAtMost", idle == null ? null : idle.toSeconds(), Types.BIGINT)
                .param("maxSize", grant.maxSize(), Types.BIGINT)
                .param("types", grant.types().isEmpty() ? null : String.join(",", grant.types()), Types.VARCHAR)
                .param("maxUses", url.life().maxUses(), Types.INTEGER)
                .param("metadata", grant.metadata(), Types.VARCHAR)
                .param("objectKey", grant.objectKey(), Types.VARCHAR)
                .param("origin", grant.origin(), Types.VARCHAR)
                .param("mayRead", grant.mayRead())
                .update());
    }

    /** One statement. */
    Optional<UploadUrl> findByToken(String hash) {
        return jdbc.sql("select " + COLUMNS + " from upload_url where token_hash = :hash or second_hash = :hash")
                .param("hash", hash)
                .query(UploadUrlRepository::read)
                .optional();
    }

    public Optional<UploadUrl> find(String id) {
        return jdbc.sql("select " + COLUMNS + " from upload_url where id = :id")
                .param("id", id)
                .query(UploadUrlRepository::read)
                .optional();
    }

    /**
     * A page, the newest first.
     *
     * @param owner empty for all owners
     * @param before only older ones, and of those of that moment only the ones with smaller ids
     */
    public List<UploadUrl> list(String owner, Instant before, String beforeId, int most) {
        return jdbc.sql(LIST)
                .param("owner", owner)
                .param("before", timestamp(before), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("beforeId", beforeId)
                .param("most", most)
                .query(UploadUrlRepository::read)
                .list();
    }

    /** @return false when there is no such URL in force */
    boolean revoke(String id, Instant now) {
        return committer.commit(
                        () -> jdbc.sql("update upload_url set revoked_at = :now where id = :id and revoked_at is null")
                                .param("id", id)
                                .param("now", timestamp(now), Types.TIMESTAMP_WITH_TIMEZONE)
                                .update())
                == 1;
    }

    /** @return false when there is no such URL in force */
    boolean addToken(String id, String hash) {
        return committer.commit(() -> jdbc.sql(
                                "update upload_url set second_hash = :hash where id = :id and revoked_at is null")
                        .param("id", id)
                        .param("hash", hash)
                        .update())
                == 1;
    }

    /** Joins the transaction in progress: the upload for which the URL was made has gone. Keeps a URL for several. */
    void removeSpent(String id) {
        int unused = jdbc.sql("delete from upload_url where id = :id and max_uses = 1")
                .param("id", id)
                .update();
    }

    /** Forgets URLs that have never created anything, and cannot any more. Reads all of them. */
    void removeUnused(Instant startedBefore) {
        int unused = committer.commitLazily(
                () -> jdbc.sql("delete from upload_url where uses = 0 and partials = 0 and start_by < :before")
                        .param("before", timestamp(startedBefore), Types.TIMESTAMP_WITH_TIMEZONE)
                        .update());
    }

    /**
     * Counts the creation of an upload, in the transaction in progress.
     *
     * @param partials for a partial: how many there may be for each use; 0 for an upload that counts as a use
     * @return false when the URL may not create any more
     */
    boolean use(String id, int partials, Instant now) {
        JdbcClient.StatementSpec statement = jdbc.sql(partials == 0 ? USE : USE_FOR_PARTIAL)
                .param("id", id)
                .param("now", timestamp(now), Types.TIMESTAMP_WITH_TIMEZONE);
        return (partials == 0 ? statement : statement.param("most", partials)).update() == 1;
    }

    private static UploadUrl read(ResultSet row, int number) throws SQLException {
        Long idle = row.getObject("idle_at_most", Long.class);
        String types = row.getString("types");
        return new UploadUrl(
                row.getString("id"),
                row.getString("owner"),
                row.getString("issuer"),
                new UploadUrl.Grant(
                        row.getObject("max_size", Long.class),
                        types == null ? List.of() : List.of(types.split(",")),
                        row.getString("metadata"),
                        row.getString("object_key"),
                        row.getString("origin"),
                        row.getBoolean("may_read"),
                        idle == null ? null : Duration.ofSeconds(idle)),
                new UploadUrl.Life(
                        row.getObject("created_at", OffsetDateTime.class).toInstant(),
                        row.getString("created_by"),
                        row.getObject("start_by", OffsetDateTime.class).toInstant(),
                        maxUses(row),
                        row.getInt("uses"),
                        instant(row, "revoked_at")));
    }

    private static @Nullable Integer maxUses(ResultSet row) throws SQLException {
        return row.getObject("max_uses", Integer.class);
    }
}
