package dev.narwhal.api.uploads;

import dev.narwhal.upload.UploadState;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;

/**
 * Reads rows of uploads by their creation from indexes that exist anyway, each of which has a part of them: the index of one state on
 * one volume is a stream, and a page is merged from the heads of all streams. An index by creation alone would read half as much, and
 * cost every small upload two changes of it.
 */
class UploadStreams {

    /** The heads of all streams, merged. */
    private static final String PAGE = """
            select * from (%1$s) s order by created_at %2$s, id %2$s fetch first %3$d rows only
            """;

    private static final String DELIVERIES = """
            select upload_id, destination, object_key, status, attempts, last_error, delivered_at from delivery where upload_id in (:ids)
            """;

    private static final String OF_STATE = "(select " + ListedUpload.COLUMNS + """
            from upload u where u.state = '%1$s' and u.volume = :volume%2$d and %3$s
            order by u.state %4$s, u.volume %4$s, u.created_at %4$s, u.id %4$s fetch first %5$d rows only)
            """;

    private static final String OF_OWNER = "select " + ListedUpload.COLUMNS + """
            from upload u where u.owner = :owner and u.owner <> '' and %1$s
            order by u.owner %2$s, u.created_at %2$s, u.id %2$s fetch first %3$d rows only
            """;

    private static final String OF_BATCH = "select " + ListedUpload.COLUMNS + """
            from upload_batch b join upload u on u.id = b.upload_id where b.owner = :owner and b.batch = :batch and %1$s
            order by b.owner %2$s, b.batch %2$s, b.created_at %2$s, b.upload_id %2$s fetch first %3$d rows only
            """;

    /** Not "greater than": H2 begins at the equal entries and reads over all of them, a volume's million rows. */
    private static final String NEXT_VOLUME = """
            (select volume from upload where state = '%s' and volume >= :from order by state, volume fetch first 1 rows only)
            """;

    /** Makes the least text above another. */
    private static final char LEAST = '\u0001';

    private final JdbcClient jdbc;

    UploadStreams(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Uploads in one of these states, of all owners. */
    List<ListedUpload> ofStates(Collection<UploadState> states, Window window) {
        List<String> volumes = volumes();
        List<String> streams = new ArrayList<>();
        for (UploadState state : states) {
            for (int volume = 0; volume < volumes.size(); volume++) {
                streams.add(OF_STATE.formatted(
                        state, volume, window.condition("u.created_at", "u.id"), window.direction(), window.rows()));
            }
        }
        if (streams.isEmpty()) {
            return List.of();
        }
        StatementSpec statement = page(String.join(" union all ", streams), window);
        for (int volume = 0; volume < volumes.size(); volume++) {
            statement = statement.param("volume" + volume, volumes.get(volume));
        }
        return statement.query(ListedUpload::read).list();
    }

    /** @param owner not empty */
    List<ListedUpload> ofOwner(String owner, Window window) {
        String stream = OF_OWNER.formatted(window.condition("u.created_at", "u.id"), window.direction(), window.rows());
        return page(stream, window)
                .param("owner", owner)
                .query(ListedUpload::read)
                .list();
    }

    List<ListedUpload> ofBatch(String owner, String batch, Window window) {
        String stream =
                OF_BATCH.formatted(window.condition("b.created_at", "b.upload_id"), window.direction(), window.rows());
        return page(stream, window)
                .param("owner", owner)
                .param("batch", batch)
                .query(ListedUpload::read)
                .list();
    }

    /** The same uploads with their deliveries. One statement. */
    List<ListedUpload> withDeliveries(List<ListedUpload> uploads) {
        if (uploads.isEmpty()) {
            return uploads;
        }
        Map<String, ListedUpload.ListedDelivery> deliveries = new HashMap<>();
        jdbc.sql(DELIVERIES)
                .param("ids", uploads.stream().map(ListedUpload::id).toList())
                .query(row -> {
                    deliveries.put(row.getString("upload_id"), ListedUpload.readDelivery(row));
                });
        return uploads.stream()
                .map(upload -> upload.with(deliveries.get(upload.id())))
                .toList();
    }

    private StatementSpec page(String streams, Window window) {
        return jdbc.sql(PAGE.formatted(streams, window.direction(), window.rows()))
                .param("at", time(window.at()))
                .param("id", window.id())
                .param("end", time(window.end()));
    }

    private static OffsetDateTime time(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }

    /** The volumes that have uploads: jumps from one to the next in the index. */
    private List<String> volumes() {
        String next = Arrays.stream(UploadState.values())
                .map(NEXT_VOLUME::formatted)
                .collect(Collectors.joining(" union all ", "select min(volume) from (", ") v"));
        List<String> volumes = new ArrayList<>();
        @Nullable String volume = "";
        while (volume != null) {
            volume = jdbc.sql(next)
                    .param("from", volume + LEAST)
                    .query(String.class)
                    .optional()
                    .orElse(null);
            if (volume != null) {
                volumes.add(volume);
            }
        }
        return volumes;
    }
}
