package dev.narwhal.batch;

import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadEvent;
import dev.narwhal.upload.UploadListener;
import dev.narwhal.upload.UploadState;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The table {@code upload_batch}: adds an upload to its batch in the transaction that creates it. */
public class UploadBatches implements UploadListener {

    /** Members that a list of recent batches reads. */
    static final int SCANNED = 1_000;

    private static final String ADD = """
            insert into upload_batch (upload_id, owner, batch, created_at) values (:id, :owner, :batch, :createdAt)
            """;

    /** Without partials: their bytes are counted with their final's. */
    private static final String PROGRESS = """
            select u.state, count(*) as uploads, sum(coalesce(u.length, u."offset")) as bytes, sum(u."offset") as received,
                count(case when u.length is null then 1 end) as deferred, min(b.created_at) as first, max(u.updated_at) as last
            from upload_batch b join upload u on u.id = b.upload_id
            where b.owner = :owner and b.batch = :batch and u.kind <> 'PARTIAL'
            group by u.state
            """;

    private static final String RECENT = """
            select batch, created_at from upload_batch where owner = :owner
            order by owner desc, created_at desc, upload_id desc fetch first :rows rows only
            """;

    private final JdbcClient jdbc;

    public UploadBatches(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public void changed(UploadEvent event) {
        if (event.type() == UploadEvent.Type.CREATED) {
            Upload now = event.now();
            BatchKey.of(now.metadata()).ifPresent(batch -> add(now, batch));
        }
    }

    private void add(Upload upload, String batch) {
        int unused = jdbc.sql(ADD)
                .param("id", upload.id().value())
                .param("owner", upload.owner())
                .param("batch", batch)
                .param("createdAt", upload.createdAt().atOffset(ZoneOffset.UTC), Types.TIMESTAMP_WITH_TIMEZONE)
                .update();
    }

    /** Empty when the owner has no such batch, or none of its uploads has a row any more. Reads each upload of the batch. */
    public Optional<BatchProgress> progress(String owner, String batch) {
        Map<UploadState, Long> counts = new EnumMap<>(UploadState.class);
        List<BatchProgress> parts = jdbc.sql(PROGRESS)
                .param("owner", owner)
                .param("batch", batch)
                .query((row, number) -> {
                    long uploads = row.getLong("uploads");
                    counts.put(UploadState.valueOf(row.getString("state")), uploads);
                    return new BatchProgress(
                            owner,
                            batch,
                            uploads,
                            row.getLong("bytes"),
                            row.getLong("received"),
                            row.getLong("deferred") == 0,
                            row.getObject("first", OffsetDateTime.class).toInstant(),
                            row.getObject("last", OffsetDateTime.class).toInstant(),
                            Map.of());
                })
                .list();
        return parts.stream().reduce(BatchProgress::plus).map(all -> all.counted(counts));
    }

    /** The batches of the owner's last uploads that have one, the latest first: those among the last {@value #SCANNED} of them. */
    public List<RecentBatch> recent(String owner, int limit) {
        Map<String, RecentBatch> found = new LinkedHashMap<>();
        var rows = jdbc.sql(RECENT)
                .param("owner", owner)
                .param("rows", SCANNED)
                .query((row, number) -> new RecentBatch(
                        row.getString("batch"),
                        row.getObject("created_at", OffsetDateTime.class).toInstant()))
                .list();
        rows.forEach(row -> found.putIfAbsent(row.batch(), row));
        return new ArrayList<>(found.values()).subList(0, Math.min(limit, found.size()));
    }
}
