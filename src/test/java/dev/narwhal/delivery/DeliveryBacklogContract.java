package dev.narwhal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.destination.Destinations;
import dev.narwhal.testkit.SettableClock;
import dev.narwhal.upload.TestDatabase;
import dev.narwhal.upload.Upload;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is counted of the deliveries that are open, on every database. */
abstract class DeliveryBacklogContract {

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();
    private final AtomicLong nanos = new AtomicLong();
    private DeliveryFixture fixture;
    private DeliveryBacklog backlog;

    abstract TestDatabase database();

    @BeforeEach
    void open() {
        database().jdbc().sql("delete from delivery_part").update();
        database().jdbc().sql("delete from delivery").update();
        fixture = new DeliveryFixture(folder, database(), clock);
        fixture.queue(fixture.scheduler(fixture.task()));
        backlog = new DeliveryBacklog(
                database().jdbc(), Set.of(Destinations.DEFAULT, DeliveryFixture.OTHER), clock, nanos::get);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private void later() {
        nanos.addAndGet(DeliveryBacklog.CACHE_TIME.toNanos());
    }

    @Test
    void backlog_nothingOpen_isNothing() {
        assertThat(backlog.pending(Destinations.DEFAULT)).isZero();
        assertThat(backlog.failed(Destinations.DEFAULT)).isZero();
        assertThat(backlog.oldestSeconds(Destinations.DEFAULT)).isZero();
    }

    @Test
    void backlog_countsWhatIsOpen_andTheAgeOfTheOldest() throws IOException {
        fixture.finished(new byte[10]);
        clock.pass(Duration.ofSeconds(90));
        fixture.finished(new byte[10]);

        assertThat(backlog.pending(Destinations.DEFAULT)).isEqualTo(2);
        assertThat(backlog.oldestSeconds(Destinations.DEFAULT)).isEqualTo(90);
        assertThat(backlog.pending(DeliveryFixture.OTHER)).isZero();
    }

    @Test
    void backlog_delivered_isNotOpen_givenUp_isFailed() throws IOException {
        Upload delivered = fixture.finished(new byte[10]);
        fixture.task().run(delivered.id());
        Upload failed = fixture.finished(new byte[10]);
        database()
                .jdbc()
                .sql("update delivery set status = 'FAILED' where upload_id = :id")
                .param("id", failed.id().value())
                .update();

        assertThat(backlog.pending(Destinations.DEFAULT)).isZero();
        assertThat(backlog.failed(Destinations.DEFAULT)).isEqualTo(1);
    }

    @Test
    void backlog_isAskedOfTheDatabaseOnceInAWhile() throws IOException {
        assertThat(backlog.pending(Destinations.DEFAULT)).isZero();
        fixture.finished(new byte[10]);

        assertThat(backlog.pending(Destinations.DEFAULT)).isZero();
        later();
        assertThat(backlog.pending(Destinations.DEFAULT)).isEqualTo(1);
    }
}
