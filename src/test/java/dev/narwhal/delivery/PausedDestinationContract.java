package dev.narwhal.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.DestinationException.Failure;
import dev.narwhal.destination.Destinations;
import dev.narwhal.testkit.SettableClock;
import dev.narwhal.upload.TestDatabase;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadKind;
import dev.narwhal.upload.UploadState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A destination that takes nothing holds back what is to go there, and nothing else, on every database. */
abstract class PausedDestinationContract {

    @TempDir
    Path folder;

    final SettableClock clock = new SettableClock();
    private final AtomicInteger attempts = new AtomicInteger();
    private DeliveryFixture fixture;

    abstract TestDatabase database();

    @BeforeEach
    void open() {
        fixture = new DeliveryFixture(folder, database(), clock);
        failWith(Failure.DESTINATION);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    private void failWith(Failure failure) {
        fixture.other.before = (job, journal) -> {
            attempts.incrementAndGet();
            throw new DestinationException(failure, "403 AccessDenied");
        };
    }

    private Upload forOther() throws IOException {
        return fixture.finished(
                DeliveryTaskContract.bytes(10), fixture.staging.volume(), UploadKind.WHOLE, DeliveryFixture.OTHER);
    }

    private Instant run(Upload upload) {
        return fixture.task().run(upload.id()).orElseThrow();
    }

    @Test
    void run_failureOfTheDestination_doesNotCountForTheUpload() throws Exception {
        Upload upload = forOther();
        for (int i = 0; i < 3; i++) {
            clock.pass(Duration.between(clock.instant(), run(upload)));
        }

        assertThat(attempts).hasValue(3);
        assertThat(fixture.row(upload.id()).attempts()).isZero();
        assertThat(fixture.row(upload.id()).status()).isEqualTo(DeliveryStatus.PENDING);
        assertThat(fixture.column(upload.id(), "last_error")).isEqualTo("403 AccessDenied");
        assertThat(fixture.state(upload.id())).isEqualTo(UploadState.FINISHED);
        assertThat(fixture.retries(DeliveryFixture.OTHER, "destination")).isEqualTo(3);
        assertThat(fixture.retries(DeliveryFixture.OTHER, "retryable")).isZero();
    }

    @Test
    void run_destinationThatAsksToBeLeftAlone_isLeftAloneForSoLong() throws Exception {
        Upload upload = forOther();
        Duration wish = Duration.ofMinutes(50);
        fixture.other.before = (job, journal) -> {
            throw new DestinationException(Failure.DESTINATION, "503 SlowDown", new IOException(), wish);
        };

        assertThat(run(upload)).isEqualTo(clock.instant().plus(wish));
    }

    @Test
    void pause_isSeenFromOutside() throws Exception {
        Upload upload = forOther();
        assertThat(paused()).isZero();
        Instant probe = run(upload);
        assertThat(paused()).isEqualTo(1);

        fixture.other.mend();
        clock.pass(Duration.between(clock.instant(), probe));
        DeliveryFixture.runToTheEnd(fixture.task(), upload.id());
        assertThat(paused()).isZero();
    }

    private double paused() {
        // The gauges come with the task.
        var unused = fixture.task();
        return fixture.meters
                .get("narwhal.destination.paused")
                .tag("destination", DeliveryFixture.OTHER)
                .gauge()
                .value();
    }

    @Test
    void run_paused_holdsBackItsOwnOnly() throws Exception {
        Upload first = forOther();
        Upload second = forOther();
        Upload elsewhere = fixture.finished(DeliveryTaskContract.bytes(11));
        Instant probe = run(first);

        assertThat(run(second)).isAfter(probe);
        assertThat(attempts).hasValue(1);
        assertThat(fixture.row(second.id()).token()).isZero();
        DeliveryFixture.runToTheEnd(fixture.task(), elsewhere.id());
        assertThat(fixture.state(elsewhere.id())).isEqualTo(UploadState.DELIVERED);
    }

    @Test
    void run_probeWorks_wakesAllThatWait() throws Exception {
        Upload first = forOther();
        Upload second = forOther();
        Instant probe = run(first);
        Instant later = run(second);
        fixture.schedule().add(second.id(), later);
        fixture.other.mend();
        clock.pass(Duration.between(clock.instant(), probe));

        DeliveryFixture.runToTheEnd(fixture.task(), first.id());

        assertThat(fixture.state(first.id())).isEqualTo(UploadState.DELIVERED);
        assertThat(fixture.states.pauseOf(DeliveryFixture.OTHER)).isEmpty();
        assertThat(due(second)).isEqualTo(clock.instant());
        DeliveryFixture.runToTheEnd(fixture.task(), second.id());
        assertThat(fixture.state(second.id())).isEqualTo(UploadState.DELIVERED);
    }

    @Test
    void run_probeFailsForItsOwnReason_endsThePause() throws Exception {
        Upload first = forOther();
        Instant probe = run(first);
        failWith(Failure.FINAL);
        clock.pass(Duration.between(clock.instant(), probe));

        assertThat(fixture.task().run(first.id())).isEmpty();

        assertThat(fixture.state(first.id())).isEqualTo(UploadState.FAILED);
        assertThat(fixture.states.pauseOf(DeliveryFixture.OTHER)).isEmpty();
    }

    @Test
    void run_probeCannotTell_staysPaused() throws Exception {
        Upload first = forOther();
        Instant probe = run(first);
        failWith(Failure.RETRYABLE);
        clock.pass(Duration.between(clock.instant(), probe));

        run(first);

        assertThat(fixture.states.pauseOf(DeliveryFixture.OTHER)).isPresent();
    }

    /** A disk that is not mounted leaves an empty directory behind, or none. */
    @Test
    void run_directoryIsNotTheOneThatItWas_waits_andGoesOnByItself() throws Exception {
        Upload upload = fixture.finished(DeliveryTaskContract.bytes(10));
        Path root = fixture.folder.resolve("delivered");
        Path real = Files.move(root, fixture.folder.resolve("real"));
        Files.createDirectory(root);

        Instant probe = run(upload);

        assertThat(fixture.states.pauseOf(Destinations.DEFAULT))
                .hasValueSatisfying(pause -> assertThat(pause.reason()).contains("it has no marker", "mounted"));
        assertThat(root).isEmptyDirectory();
        Files.delete(root);
        clock.pass(Duration.between(clock.instant(), probe));
        probe = run(upload);
        assertThat(root).doesNotExist();
        assertThat(fixture.isStaged(upload)).isTrue();
        assertThat(fixture.row(upload.id()).attempts()).isZero();

        Files.move(real, root);
        clock.pass(Duration.between(clock.instant(), probe));
        DeliveryFixture.runToTheEnd(fixture.task(), upload.id());

        assertThat(fixture.state(upload.id())).isEqualTo(UploadState.DELIVERED);
        assertThat(fixture.delivered()).hasSize(1);
    }

    @Test
    void run_destinationIsNotNamedAnyMore_waits() throws Exception {
        Upload upload = fixture.finished(DeliveryTaskContract.bytes(10));
        fixture.database
                .jdbc()
                .sql("update delivery set destination = 'gone' where upload_id = :id")
                .param("id", upload.id().value())
                .update();

        assertThat(run(upload)).isAfter(clock.instant());

        assertThat(fixture.state(upload.id())).isEqualTo(UploadState.FINISHED);
    }

    private Instant due(Upload upload) {
        return fixture.database
                .jdbc()
                .sql("select execution_time from scheduled_tasks where task_instance = :id")
                .param("id", upload.id().value())
                .query((rs, number) -> rs.getObject(1, OffsetDateTime.class).toInstant())
                .single();
    }
}
