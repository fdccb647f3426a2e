package dev.narwhal.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.DestinationException.Failure;
import dev.narwhal.destination.Destinations;
import dev.narwhal.testkit.SettableClock;
import dev.narwhal.upload.TestDatabase;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadKind;
import dev.narwhal.upload.UploadState;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
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
        database().jdbc().sql("delete from scheduled_tasks").update();
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
        Upload third = forOther();
        Upload elsewhere = fixture.finished(DeliveryTaskContract.bytes(11));
        run(first);
        Instant probe = run(second);

        assertThat(run(third)).isAfter(probe);
        assertThat(attempts).hasValue(2);
        assertThat(fixture.row(third.id()).token()).isZero();
        DeliveryFixture.runToTheEnd(fixture.task(), elsewhere.id());
        assertThat(fixture.state(elsewhere.id())).isEqualTo(UploadState.DELIVERED);
    }

    @Test
    void run_probeWorks_wakesAllThatWait() throws Exception {
        Upload first = forOther();
        Upload second = forOther();
        Upload third = forOther();
        run(first);
        Instant probe = run(second);
        Instant later = run(third);
        fixture.schedule().add(third.id(), later);
        fixture.other.mend();
        passUntil(probe);

        DeliveryFixture.runToTheEnd(fixture.task(), first.id());

        assertThat(fixture.state(first.id())).isEqualTo(UploadState.DELIVERED);
        assertThat(fixture.states.pauseOf(DeliveryFixture.OTHER)).isEmpty();
        assertThat(due(third)).isEqualTo(clock.instant());
        DeliveryFixture.runToTheEnd(fixture.task(), third.id());
        assertThat(fixture.state(third.id())).isEqualTo(UploadState.DELIVERED);
    }

    private void passUntil(Instant time) {
        clock.pass(Duration.between(clock.instant(), time));
    }

    private void refuse(Upload upload) {
        fixture.other.before = (job, journal) -> {
            if (job.uploadId().equals(upload.id().value())) {
                attempts.incrementAndGet();
                throw new DestinationException(Failure.DESTINATION, "403 SignatureDoesNotMatch");
            }
        };
    }

    /** Its key, or the directory it belongs to: the others are not concerned, now or later. */
    @Test
    void run_oneUploadIsRefused_theOthersAreDeliveredAtOnce() throws Exception {
        Upload poison = forOther();
        refuse(poison);
        run(poison);

        for (int i = 0; i < 3; i++) {
            Upload other = forOther();
            DeliveryFixture.runToTheEnd(fixture.task(), other.id());
            assertThat(fixture.state(other.id())).isEqualTo(UploadState.DELIVERED);
            assertThat(fixture.states.pauseOf(DeliveryFixture.OTHER)).isEmpty();
            Instant again = run(poison);
            assertThat(again).isAfter(clock.instant());
            passUntil(again);
        }
        assertThat(attempts).hasValue(4);
        assertThat(fixture.row(poison.id()).attempts()).isEqualTo(3);
        assertThat(fixture.column(poison.id(), "last_error"))
                .isEqualTo("403 SignatureDoesNotMatch (this upload only: others are delivered there)");
        assertThat(fixture.state(poison.id())).isEqualTo(UploadState.FINISHED);
    }

    @Test
    void run_oneUploadIsRefused_maxAttemptsCountForIt() throws Exception {
        Upload poison = forOther();
        refuse(poison);
        DeliveryTask task = fixture.task(fixture.deliveries, fixture.staging, Duration.ZERO, 2);
        assertThat(task.run(poison.id())).isPresent();
        DeliveryFixture.runToTheEnd(task, forOther().id());

        assertThat(task.run(poison.id())).isPresent();
        assertThat(task.run(poison.id())).isEmpty();

        assertThat(fixture.state(poison.id())).isEqualTo(UploadState.FAILED);
    }

    /** All are refused: each is the probe in its turn, and the one that has just tried is the last. */
    @Test
    void run_manyWait_theProbeIsNotAlwaysTheSame() throws Exception {
        List<Upload> waiting = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            waiting.add(forOther());
            clock.pass(Duration.ofMillis(10));
        }
        for (Upload upload : waiting) {
            fixture.schedule().add(upload.id(), run(upload));
            clock.pass(Duration.ofMillis(10));
        }
        List<UploadId> probes = new ArrayList<>();
        for (int i = 0; i < 100 && probes.size() < 8; i++) {
            UploadId next = first();
            passUntil(dueOf(next));
            int before = attempts.get();
            Instant again = fixture.task().run(next).orElseThrow();
            setDue(next, again);
            if (attempts.get() > before) {
                probes.add(next);
            }
            clock.pass(Duration.ofMillis(10));
        }

        assertThat(probes).hasSize(8);
        assertThat(probes.subList(0, 4)).doesNotHaveDuplicates();
        assertThat(probes.subList(4, 8)).isEqualTo(probes.subList(0, 4));
    }

    private UploadId first() {
        return new UploadId(fixture.database
                .jdbc()
                .sql("select task_instance from scheduled_tasks order by execution_time limit 1")
                .query(String.class)
                .single());
    }

    private void setDue(UploadId id, Instant time) {
        fixture.database
                .jdbc()
                .sql("update scheduled_tasks set execution_time = :time where task_instance = :id")
                .param("time", time.atOffset(ZoneOffset.UTC))
                .param("id", id.value())
                .update();
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

    /** As a directory of somebody else's, in which nobody may write; the rest of the destination is as it was. */
    @Test
    void run_directoryOfOneUploadCannotBeWritten_theOthersAreDelivered() throws Exception {
        Upload poison = fixture.finished(DeliveryTaskContract.bytes(10));
        Path closed = Files.createDirectories(folder.resolve("delivered/uploads/" + poison.id()));
        assumeTrue(setImmutable(closed, true), "This file system has no immutable directories");
        try {
            assertThat(run(poison)).isAfter(clock.instant());
            assertThat(fixture.states.pauseOf(Destinations.DEFAULT)).isPresent();
            for (int i = 0; i < 3; i++) {
                Upload other = fixture.finished(DeliveryTaskContract.bytes(11 + i));
                DeliveryFixture.runToTheEnd(fixture.task(), other.id());
                assertThat(fixture.state(other.id())).isEqualTo(UploadState.DELIVERED);
                assertThat(run(poison)).isAfter(clock.instant());
                assertThat(fixture.states.pauseOf(Destinations.DEFAULT)).isEmpty();
            }
        } finally {
            setImmutable(closed, false);
        }
        DeliveryFixture.runToTheEnd(fixture.task(), poison.id());
        assertThat(fixture.state(poison.id())).isEqualTo(UploadState.DELIVERED);
    }

    /** Modes mean nothing to root. */
    private static boolean setImmutable(Path directory, boolean immutable) throws Exception {
        Process chattr = new ProcessBuilder("chattr", immutable ? "+i" : "-i", directory.toString())
                .redirectErrorStream(true)
                .start();
        chattr.getInputStream().transferTo(OutputStream.nullOutputStream());
        return chattr.waitFor() == 0;
    }

    @Test
    void run_fileWhereItsDirectoryShouldBe_failsAloneAndPausesNothing() throws Exception {
        Upload poison = fixture.finished(DeliveryTaskContract.bytes(10));
        Upload other = fixture.finished(DeliveryTaskContract.bytes(11));
        Files.createDirectories(folder.resolve("delivered/uploads"));
        Files.writeString(folder.resolve("delivered/uploads/" + poison.id()), "a file");

        assertThat(fixture.task().run(poison.id())).isEmpty();
        DeliveryFixture.runToTheEnd(fixture.task(), other.id());

        assertThat(fixture.state(poison.id())).isEqualTo(UploadState.FAILED);
        assertThat(fixture.state(other.id())).isEqualTo(UploadState.DELIVERED);
        assertThat(fixture.states.pauseOf(Destinations.DEFAULT)).isEmpty();
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
        return dueOf(upload.id());
    }

    private Instant dueOf(UploadId id) {
        return fixture.database
                .jdbc()
                .sql("select execution_time from scheduled_tasks where task_instance = :id")
                .param("id", id.value())
                .query((rs, number) -> rs.getObject(1, OffsetDateTime.class).toInstant())
                .single();
    }
}
