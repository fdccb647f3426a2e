package dev.narwhal.node;

import dev.narwhal.database.RowCommitter;
import java.sql.Types;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The {@code volume} table, and the incarnation numbers. Every change is a compare-and-set, and durable when the method
 * returns.
 */
final class VolumeRepository {

    private static final String FIND = """
            select id, node_id, incarnation, pid, boot_id, lock_device, lock_inode, heartbeat, held
            from volume where id = :id
            """;

    private static final String ADD = """
            insert into volume (id, node_id, incarnation, pid, boot_id, lock_device, lock_inode, heartbeat, held, taken_at)
            select :id, :nodeId, cast(:incarnation as bigint), cast(:pid as bigint), :bootId, cast(:device as bigint),
                cast(:inode as bigint), cast(:heartbeat as bigint), true, cast(:now as timestamp with time zone)
            where not exists (select 1 from volume where id = :id)
            """;

    private static final String TAKE = """
            update volume set node_id = :nodeId, incarnation = :incarnation, pid = :pid, boot_id = :bootId,
                lock_device = :device, lock_inode = :inode, heartbeat = :heartbeat, held = true, taken_at = :now
            where id = :id and incarnation = :knownIncarnation and heartbeat = :knownHeartbeat
            """;

    private static final String BEAT = """
            update volume set heartbeat = heartbeat + 1
            where id = :id and incarnation = :incarnation and heartbeat = :heartbeat
            """;

    /** Also matches one heartbeat more than the known one, whose answer may have been lost. */
    private static final String RELEASE = """
            update volume set held = false
            where id = :id and incarnation = :incarnation and heartbeat between :heartbeat and :heartbeat + 1
            """;

    private final JdbcClient jdbc;
    private final RowCommitter committer;
    private final Clock clock;

    VolumeRepository(JdbcClient jdbc, RowCommitter committer, Clock clock) {
        this.jdbc = jdbc;
        this.committer = committer;
        this.clock = clock;
    }

    /** A number that no process has had. */
    long nextIncarnation() {
        return jdbc.sql("select nextval('node_incarnation')").query(Long.class).single();
    }

    Optional<VolumeRow> find(String volume) {
        return jdbc.sql(FIND).param("id", volume).query(VolumeRow::read).optional();
    }

    /**
     * @return false when the volume has a row already
     * @throws org.springframework.dao.DuplicateKeyException when another process adds it at the same moment
     */
    boolean add(VolumeRow mine) {
        return committer.commit(() -> written(ADD, mine).update() == 1);
    }

    /** @return false when the row differs from {@code known} */
    boolean take(VolumeRow known, VolumeRow mine) {
        return committer.commit(() -> written(TAKE, mine)
                        .param("knownIncarnation", known.incarnation())
                        .param("knownHeartbeat", known.heartbeat())
                        .update()
                == 1);
    }

    /** @return false when the row differs from {@code known} */
    boolean beat(VolumeRow known) {
        return committer.commit(() -> named(BEAT, known).update() == 1);
    }

    /** Does nothing when another process owns the volume. */
    void release(VolumeRow known) {
        int unused = committer.commit(() -> named(RELEASE, known).update());
    }

    private JdbcClient.StatementSpec written(String sql, VolumeRow row) {
        return named(sql, row)
                .param("nodeId", row.nodeId())
                .param("pid", row.pid())
                .param("bootId", row.lock().bootId(), Types.VARCHAR)
                .param("device", row.lock().device(), Types.BIGINT)
                .param("inode", row.lock().inode(), Types.BIGINT)
                .param("now", clock.instant().atOffset(ZoneOffset.UTC), Types.TIMESTAMP_WITH_TIMEZONE);
    }

    private JdbcClient.StatementSpec named(String sql, VolumeRow row) {
        return jdbc.sql(sql)
                .param("id", row.volume())
                .param("incarnation", row.incarnation())
                .param("heartbeat", row.heartbeat());
    }
}
