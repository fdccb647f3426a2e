package dev.narwhal.upload;

import java.sql.Timestamp;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Queues a row of its own in the transaction it is called in, as a delivery does, or fails after having done so. */
public final class RecordingDeliveries implements UploadListener, DeliveryVeto {

    private final JdbcClient jdbc;
    private final AtomicInteger wakes = new AtomicInteger();
    private volatile @Nullable RuntimeException failure;

    public RecordingDeliveries(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    void failWith(RuntimeException exception) {
        failure = exception;
    }

    int queued(UploadId id) {
        return jdbc.sql("select count(*) from scheduled_tasks where task_instance = :id")
                .param("id", id.value())
                .query(Integer.class)
                .single();
    }

    int wakes() {
        return wakes.get();
    }

    @Override
    public void changed(UploadEvent event) {
        if (event.type() == UploadEvent.Type.FINISHED && event.now().isQueued()) {
            enqueue(event.now());
        }
    }

    @Override
    public void committed(UploadEvent event) {
        if (event.type() == UploadEvent.Type.FINISHED) {
            wakes.incrementAndGet();
        }
    }

    private void enqueue(Upload finished) {
        jdbc.sql("""
            insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version)
            values ('delivery', :id, :time, false, 1)
            """)
                .param("id", finished.id().value())
                .param("time", Timestamp.from(finished.updatedAt()))
                .update();
        RuntimeException exception = failure;
        if (exception != null) {
            throw exception;
        }
    }

    @Override
    public boolean removeDelivery(UploadId id) {
        return queued(id) == 0;
    }

    @Override
    public boolean cancel(UploadId id) {
        throw new UnsupportedOperationException("not asked by a repository");
    }
}
