package dev.narwhal.upload;

import java.sql.Types;
import java.util.OptionalLong;
import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Adds rows of uploads, and moves them by compare-and-set, as long as the {@linkplain RowFence fence} admits this process.
 * Tells the listeners of each change.
 */
final class FencedRows {

    private static final String COLUMNS_ADDED = """
            insert into upload (id, owner, kind, length, "offset", metadata, filename, content_type, state,
                created_at, updated_at, finished_at, expires_at, sweep_at, volume, lease_token, concat,
                credential, object_key, expire_after, first_byte_at)
            """;

    private static final String ADDED = """
            :id, :owner, :kind, :length, :offset, :metadata, :filename, :contentType, :state,
                :createdAt, :updatedAt, :finishedAt, :expiresAt, :expiresAt, :volume, :leaseToken, :concat,
                :credential, :objectKey, :expireAfter, :firstByteAt
            """;

    private static final String INSERT = COLUMNS_ADDED + "values (" + ADDED + ")";

    private static final String INSERT_FENCED = COLUMNS_ADDED + "select " + ADDED + """
            where exists (select 1 from volume where id = :volume and incarnation = :incarnation)
            """;

    /**
     * The statement compares the length, too: a writer with a stale "deferred" would not recognise the last byte. The column
     * sweep_at is indexed, so it keeps its value until the upload is finished; the sweep itself notices that it has come too
     * early.
     */
    private static final String MOVE = """
            update upload set length = :length, "offset" = :offset, lease_token = :leaseToken, state = :state,
                updated_at = :updatedAt, finished_at = :finishedAt, expires_at = :expiresAt,
                sweep_at = case when :expires then coalesce(sweep_at, :expiresAt) end,
                first_byte_at = coalesce(first_byte_at, :firstByteAt)
            where id = :id and state = 'RECEIVING' and "offset" = :knownOffset and lease_token = :knownLeaseToken
                and length is not distinct from :knownLength
            """;

    private static final String MOVE_FENCED = MOVE + """
                and exists (select 1 from volume v where v.id = upload.volume and v.incarnation = :incarnation)
            """;

    private final JdbcClient jdbc;
    private final RowFence fence;
    private final UploadListeners listeners;

    FencedRows(JdbcClient jdbc, RowFence fence, UploadListeners listeners) {
        this.jdbc = jdbc;
        this.fence = fence;
        this.listeners = listeners;
    }

    /** @throws VolumeLostException when another process owns the volume; nothing has changed */
    Upload insert(Upload row) {
        OptionalLong owner = fence.incarnation();
        int rows = jdbc.sql(owner.isPresent() ? INSERT_FENCED : INSERT)
                .paramSource(fenced(UploadRow.parameters(row), owner))
                .update();
        if (rows == 0) {
            throw new VolumeLostException(row.volume());
        }
        UploadEvent.creationOf(row).forEach(listeners::changed);
        return row;
    }

    /** @return false when the row differs from the known one, or another process owns the volume */
    boolean move(Upload known, Upload moved) {
        OptionalLong owner = fence.incarnation();
        int rows = jdbc.sql(owner.isPresent() ? MOVE_FENCED : MOVE)
                .paramSource(fenced(UploadRow.parameters(moved), owner)
                        .addValue("expires", moved.expiresAt() != null)
                        .addValue("knownOffset", known.offset())
                        .addValue("knownLength", known.length(), Types.BIGINT)
                        .addValue("knownLeaseToken", known.leaseToken()))
                .update();
        if (rows == 1) {
            listeners.changed(UploadEvent.between(known, moved));
        }
        return rows == 1;
    }

    private static MapSqlParameterSource fenced(MapSqlParameterSource parameters, OptionalLong owner) {
        owner.ifPresent(incarnation -> parameters.addValue("incarnation", incarnation));
        return parameters;
    }
}
