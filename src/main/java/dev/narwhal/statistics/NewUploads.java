package dev.narwhal.statistics;

import dev.narwhal.upload.UploadState;
import java.sql.Types;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Reads uploads in the order of their creation. Partials do not count: their finals do. */
final class NewUploads {

    /**
     * Of each state apart, as the indexes have them. One statement, and so one view of the table: an upload that goes from one
     * state to another meanwhile is in it once.
     */
    private static final String IN_STATE = "(select u.id as upload_id, " + UploadFacts.COLUMNS + """
            , case when u.state = 'TERMINATED'
                then (select d.delivered_at from delivery d where d.upload_id = u.id) end as delivered_at
            from upload u
            where u.state = '$' and u.volume = :volume and u.created_at >= :from and u.created_at < :before
                and (u.created_at > :from or u.id > :after) and u.kind <> 'PARTIAL'
            order by u.state, u.volume, u.created_at, u.id limit :page)
            """;

    /** Read by upload_open_idx, and on PostgreSQL also by upload_over_idx. */
    static final String PAGE = Arrays.stream(UploadState.values())
                    .map(state -> IN_STATE.replace("$", state.name()))
                    .collect(Collectors.joining("union all "))
            + "order by created_at, upload_id limit :page";

    private final JdbcClient jdbc;

    NewUploads(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @param before creations from this time on are not read */
    List<UploadFacts> page(String volume, Cursor after, Instant before, int size) {
        return jdbc.sql(PAGE)
                .param("volume", volume)
                .param("from", after.createdAt().atOffset(ZoneOffset.UTC), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("after", after.upload())
                .param("before", before.atOffset(ZoneOffset.UTC), Types.TIMESTAMP_WITH_TIMEZONE)
                .param("page", size)
                .query((row, number) -> UploadFacts.read(row))
                .list();
    }
}
