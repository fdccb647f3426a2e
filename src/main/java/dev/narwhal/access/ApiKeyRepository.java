package dev.narwhal.access;

import dev.narwhal.database.RowCommitter;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The {@code api_key} table. A change is durable when its method returns. */
public class ApiKeyRepository {

    private static final String COLUMNS = """
            id, owner, scopes, limits, secret_hash, previous_hash, previous_until, created_at, created_by,
                expires_at, revoked_at
            """;

    private static final String INSERT = "insert into api_key (" + COLUMNS + """
            ) values (:id, :owner, :scopes, :limits, :hash, null, null, :createdAt, :createdBy, :expiresAt, null)
            """;

    /** Expressions on the right see the row as it was. */
    private static final String ROTATE = """
            update api_key set previous_hash = secret_hash, previous_until = :until, secret_hash = :hash
            where id = :id and revoked_at is null
            """;

    private static final String REVOKE = """
            update api_key set revoked_at = :now where id = :id and revoked_at is null
            """;

    private final JdbcClient jdbc;
    private final RowCommitter committer;

    public ApiKeyRepository(JdbcClient jdbc, RowCommitter committer) {
        this.jdbc = jdbc;
        this.committer = committer;
    }

    /** @param hash of its secret */
    void add(ApiKey key, String hash) {
        int unused = committer.commit(() -> jdbc.sql(INSERT)
                .param("id", key.id())
                .param("owner", key.owner())
                .param("scopes", text(key.scopes()))
                .param("limits", key.limits().text(), Types.VARCHAR)
                .param("hash", hash)
                .param("createdAt", timestamp(key.life().createdAt()), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("createdBy", key.life().createdBy())
                .param("expiresAt", timestamp(key.life().expiresAt()), Types.TIMESTAMP_WITH_TIMEZONE)
                .update());
    }

    /** One statement. */
    Optional<StoredKey> find(String id) {
        return jdbc.sql("select " + COLUMNS + " from api_key where id = :id")
                .param("id", id)
                .query(ApiKeyRepository::read)
                .optional();
    }

    /** All keys, the revoked ones too, the newest first; no sessions. */
    List<ApiKey> all() {
        return jdbc
                .sql("select " + COLUMNS
                        + " from api_key where created_by not like 'session:%' order by created_at desc, id")
                .query(ApiKeyRepository::read)
                .list()
                .stream()
                .map(StoredKey::key)
                .toList();
    }

    /**
     * @param until when the secret before this one ceases to be valid
     * @return false when there is no such key in force
     */
    boolean rotate(String id, String hash, Instant until) {
        return committer.commit(() -> jdbc.sql(ROTATE)
                        .param("id", id)
                        .param("hash", hash)
                        .param("until", timestamp(until), Types.TIMESTAMP_WITH_TIMEZONE)
                        .update())
                == 1;
    }

    /** @return false when there is no such key in force */
    boolean revoke(String id, Instant now) {
        return committer.commit(() -> jdbc.sql(REVOKE)
                        .param("id", id)
                        .param("now", timestamp(now), Types.TIMESTAMP_WITH_TIMEZONE)
                        .update())
                == 1;
    }

    /** Forgets sessions that have ended by themselves. */
    void removeSessionsBefore(Instant now) {
        int unused = committer.commit(
                () -> jdbc.sql("delete from api_key where created_by like 'session:%' and expires_at < :now")
                        .param("now", timestamp(now), Types.TIMESTAMP_WITH_TIMEZONE)
                        .update());
    }

    private static StoredKey read(ResultSet row, int number) throws SQLException {
        ApiKey key = new ApiKey(
                row.getString("id"),
                row.getString("owner"),
                scopes(row.getString("scopes")),
                Limits.parse(row.getString("limits")),
                new ApiKey.Life(
                        row.getObject("created_at", OffsetDateTime.class).toInstant(),
                        row.getString("created_by"),
                        instant(row, "expires_at"),
                        instant(row, "revoked_at"),
                        instant(row, "previous_until")));
        return new StoredKey(key, row.getString("secret_hash"), row.getString("previous_hash"));
    }

    private static String text(Set<Role> scopes) {
        return scopes.stream()
                .sorted()
                .map(role -> role.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(","));
    }

    private static Set<Role> scopes(String text) {
        return Arrays.stream(text.split(","))
                .map(name -> Role.valueOf(name.toUpperCase(Locale.ROOT)))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Role.class)));
    }

    static @Nullable OffsetDateTime timestamp(@Nullable Instant time) {
        return time == null ? null : time.truncatedTo(ChronoUnit.MICROS).atOffset(ZoneOffset.UTC);
    }

    static @Nullable Instant instant(ResultSet row, String column) throws SQLException {
        OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
