package dev.narwhal.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narwhal.delivery.DeliveryFixture.Crash;
import dev.narwhal.destination.DeliveryReceipt;
import dev.narwhal.destination.DeliveryReceipt.Verification;
import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.DestinationException.Failure;
import dev.narwhal.destination.Destinations;
import dev.narwhal.destination.SentPart;
import dev.narwhal.staging.StagingStore;
import dev.narwhal.testkit.ForwardingStaging;
import dev.narwhal.testkit.SettableClock;
import dev.narwhal.upload.DeliveredLocations.DeliveredLocation;
import dev.narwhal.upload.TestDatabase;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadState;
import java.io.IOException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a delivery does step by step, on every database, without a scheduler. */
abstract class DeliveryTaskContract {

    @TempDir
    Path folder;

    final SettableClock clock = new SettableClock();
    private DeliveryFixture fixture;

    abstract TestDatabase database();

    @BeforeEach
    void open() {
        fixture = new DeliveryFixture(folder, database(), clock);
    }

    @AfterEach
    void close() {
        fixture.close();
    }

    static byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private void assertDeliveredOnce(Upload upload, byte[] bytes) throws Exception {
        assertThat(fixture.state(upload.id())).isEqualTo(UploadState.DELIVERED);
        assertThat(fixture.delivered()).hasSize(1);
        assertThat(fixture.delivered().getFirst()).hasBinaryContent(bytes);
        assertThat(fixture.row(upload.id()).status()).isEqualTo(DeliveryStatus.DELIVERED);
        assertThat(fixture.row(upload.id()).sha256()).isEqualTo(sha256(bytes));
        assertThat(fixture.isStaged(upload)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 1000, 1_000_000})
    void run_finished_delivers(int length) throws Exception {
        byte[] bytes = bytes(length);
        Upload upload = fixture.finished(bytes);

        Optional<Instant> next = fixture.task().run(upload.id());

        assertThat(next).isEmpty();
        assertDeliveredOnce(upload, bytes);
        // An upload without bytes has no file to link.
        assertThat(fixture.column(upload.id(), "checksum_kind"))
                .isEqualTo(length == 0 ? "READ_BACK_CRC32" : "SAME_FILE");
        assertThat(fixture.row(upload.id()).deliveredAt()).isEqualTo(clock.instant());
        assertThat(fixture.deliveries.location(upload.id()))
                .contains(new DeliveredLocation("default", "uploads/" + upload.id() + "/file.bin"));
    }

    /** An earlier process may have staged the bytes under another setting. */
    @Test
    void run_doesNotTrustThatTheBytesWereSynced() throws Exception {
        Upload upload = fixture.finished(bytes(1000));

        fixture.task().run(upload.id());

        assertThat(fixture.state(upload.id())).isEqualTo(UploadState.DELIVERED);
        assertThat(fixture.destination.durable).isEmpty();
    }

    @Test
    void run_delivered_changesNothing() throws Exception {
        byte[] bytes = bytes(1000);
        Upload upload = fixture.finished(bytes);
        fixture.task().run(upload.id());
        DeliveryRow row = fixture.row(upload.id());

        assertThat(fixture.task().run(upload.id())).isEmpty();

        assertThat(fixture.row(upload.id())).isEqualTo(row);
        assertDeliveredOnce(upload, bytes);
    }

    @Test
    void run_unknownUpload_isOver() {
        assertThat(fixture.task().run(UploadId.random())).isEmpty();
    }

    enum CrashPoint {
        BEFORE_DELIVERING,
        BEFORE_COMPLETING,
        AFTER_COMPLETING,
        AFTER_DELIVERING,
        BEFORE_RECORDING,
        AFTER_RECORDING,
        BEFORE_DIGESTING,
        BEFORE_REMOVING,
        AFTER_REMOVING
    }

    @ParameterizedTest
    @EnumSource
    void run_afterACrash_deliversOnce(CrashPoint point) throws Exception {
        byte[] bytes = bytes(600_000);
        Upload upload = fixture.finished(bytes);
        DeliveryTask dying = fixture.task(crashing(point), crashingStore(point), Duration.ZERO, null);
        fixture.destination.before = (job, journal) -> crashIf(point, CrashPoint.BEFORE_DELIVERING);
        fixture.destination.after = (job, journal) -> crashIf(point, CrashPoint.AFTER_DELIVERING);
        boolean mayPass = point == CrashPoint.BEFORE_DIGESTING;
        try {
            dying.run(upload.id());
            assertThat(mayPass).as("the digest may have been there in time").isTrue();
        } catch (Crash crash) {
            assertThat(crash).isNotNull();
        }
        fixture.destination.mend();

        DeliveryFixture.runToTheEnd(fixture.task(), upload.id());

        assertDeliveredOnce(upload, bytes);
    }

    private static void crashIf(CrashPoint actual, CrashPoint wanted) {
        if (actual == wanted) {
            throw new Crash();
        }
    }

    private DeliveryRepository crashing(CrashPoint point) {
        return new DeliveryRepository(database().jdbc(), database().committer(), fixture.uploads, clock) {
            @Override
            boolean completing(UploadId id, long token, @Nullable String resumeToken) {
                crashIf(point, CrashPoint.BEFORE_COMPLETING);
                boolean result = super.completing(id, token, resumeToken);
                crashIf(point, CrashPoint.AFTER_COMPLETING);
                return result;
            }

            @Override
            boolean linking(UploadId id, long token, @Nullable String resumeToken) {
                crashIf(point, CrashPoint.BEFORE_COMPLETING);
                boolean result = super.linking(id, token, resumeToken);
                crashIf(point, CrashPoint.AFTER_COMPLETING);
                return result;
            }

            @Override
            boolean delivered(UploadId id, long token, DeliveryReceipt receipt, @Nullable String sha256) {
                crashIf(point, CrashPoint.BEFORE_RECORDING);
                boolean result = super.delivered(id, token, receipt, sha256);
                crashIf(point, CrashPoint.AFTER_RECORDING);
                return result;
            }

            @Override
            boolean setSha256(UploadId id, long token, String sha256) {
                crashIf(point, CrashPoint.BEFORE_DIGESTING);
                return super.setSha256(id, token, sha256);
            }
        };
    }

    private StagingStore crashingStore(CrashPoint point) {
        return new ForwardingStaging(fixture.staging) {
            @Override
            public void delete(UploadId id) throws IOException {
                crashIf(point, CrashPoint.BEFORE_REMOVING);
                real.delete(id);
                crashIf(point, CrashPoint.AFTER_REMOVING);
            }
        };
    }

    @Test
    void run_retryableFailure_waitsLongerEachTime() throws Exception {
        byte[] bytes = bytes(1000);
        Upload upload = fixture.finished(bytes);
        fixture.destination.before = (job, journal) -> {
            throw new DestinationException(Failure.RETRYABLE, "the network is down");
        };

        Instant first = fixture.task().run(upload.id()).orElseThrow();
        Instant second = fixture.task().run(upload.id()).orElseThrow();
        Instant third = fixture.task().run(upload.id()).orElseThrow();

        assertThat(Duration.between(clock.instant(), first)).isBetween(Duration.ofMillis(500), Duration.ofSeconds(1));
        assertThat(Duration.between(clock.instant(), second)).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
        assertThat(Duration.between(clock.instant(), third)).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(4));
        assertThat(fixture.state(upload.id())).isEqualTo(UploadState.FINISHED);
        assertThat(fixture.row(upload.id()).attempts()).isEqualTo(3);
        assertThat(fixture.column(upload.id(), "last_error")).isEqualTo("the network is down");
        assertThat(fixture.isStaged(upload)).isTrue();
        assertThat(fixture.retries(Destinations.DEFAULT, "retryable")).isEqualTo(3);
        assertThat(fixture.retries(Destinations.DEFAULT, "destination")).isZero();

        fixture.destination.mend();
        DeliveryFixture.runToTheEnd(fixture.task(), upload.id());

        assertDeliveredOnce(upload, bytes);
        assertThat(fixture.column(upload.id(), "last_error")).isNull();
    }

    @Test
    void run_storeThatAsksToWait_isNotAskedBefore() throws Exception {
        Upload upload = fixture.finished(bytes(10));
        Duration wish = Duration.ofMinutes(50);
        fixture.destination.before = (job, journal) -> {
            throw new DestinationException(Failure.RETRYABLE, "503 SlowDown", new IOException(), wish);
        };

        assertThat(fixture.task().run(upload.id())).contains(clock.instant().plus(wish));
        assertThat(fixture.row(upload.id()).attempts()).isEqualTo(1);
    }

    @Test
    void run_finalFailure_failsVisiblyAndCanBeRetried() throws Exception {
        byte[] bytes = bytes(1000);
        Upload upload = fixture.finished(bytes);
        fixture.destination.before = (job, journal) -> {
            throw new DestinationException(Failure.FINAL, "too large");
        };

        assertThat(fixture.task().run(upload.id())).isEmpty();

        assertThat(fixture.state(upload.id())).isEqualTo(UploadState.FAILED);
        assertThat(fixture.row(upload.id()).status()).isEqualTo(DeliveryStatus.FAILED);
        assertThat(fixture.column(upload.id(), "last_error")).isEqualTo("too large");
        assertThat(fixture.isStaged(upload)).isTrue();
        assertThat(fixture.task().run(upload.id())).isEmpty();

        fixture.destination.mend();
        assertThat(fixture.deliveries.retry(upload.id(), null)).isTrue();
        assertThat(fixture.deliveries.retry(upload.id(), null)).isFalse();
        assertThat(fixture.state(upload.id())).isEqualTo(UploadState.FINISHED);
        DeliveryFixture.runToTheEnd(fixture.task(), upload.id());

        assertDeliveredOnce(upload, bytes);
    }

    @Test
    void run_maxAttempts_givesUp() throws Exception {
        Upload upload = fixture.finished(bytes(10));
        fixture.destination.before = (job, journal) -> {
            throw new DestinationException(Failure.RETRYABLE, "the network is down");
        };
        DeliveryTask task = fixture.task(fixture.deliveries, fixture.staging, Duration.ZERO, 2);

        assertThat(task.run(upload.id())).isPresent();
        assertThat(task.run(upload.id())).isEmpty();

        assertThat(fixture.state(upload.id())).isEqualTo(UploadState.FAILED);
    }

    @Test
    void run_longError_isCut() throws Exception {
        Upload upload = fixture.finished(bytes(10));
        fixture.destination.before = (job, journal) -> {
            throw new DestinationException(Failure.RETRYABLE, "\0 x".repeat(5000));
        };

        assertThat(fixture.task().run(upload.id())).isPresent();

        assertThat(fixture.column(upload.id(), "last_error")).hasSize(1000);
    }

    @Test
    void run_stagedFileLost_fails() throws Exception {
        Upload upload = fixture.finished(bytes(10));
        fixture.staging.delete(upload.id());

        assertThat(fixture.task().run(upload.id())).isEmpty();

        assertThat(fixture.state(upload.id())).isEqualTo(UploadState.FAILED);
        assertThat(fixture.delivered()).isEmpty();
    }

    @Test
    void run_otherVolume_waits() throws Exception {
        Upload upload = fixture.finished(bytes(10), "another-volume");

        assertThat(fixture.task().run(upload.id())).isPresent();

        assertThat(fixture.state(upload.id())).isEqualTo(UploadState.FINISHED);
        assertThat(fixture.row(upload.id()).token()).isZero();
    }

    /** Its staged bytes are still there when the volume comes back, and nobody else removes them then. */
    @Test
    void run_deliveredFromAVolumeThatHasGone_waitsForItToRemoveTheBytes() throws Exception {
        Upload upload = fixture.finished(bytes(10));
        DeliveryTask task = fixture.task(fixture.deliveries, fixture.staging, Duration.ofHours(1), null);
        assertThat(task.run(upload.id())).isPresent();
        clock.pass(Duration.ofHours(2));

        moveTo(upload, "another-volume");
        assertThat(task.run(upload.id()).orElseThrow()).isAfter(clock.instant());
        assertThat(fixture.isStaged(upload)).isTrue();

        moveTo(upload, fixture.staging.volume());
        assertThat(task.run(upload.id())).isEmpty();
        assertThat(fixture.isStaged(upload)).isFalse();
    }

    private void moveTo(Upload upload, String volume) {
        database()
                .jdbc()
                .sql("update upload set volume = :volume where id = :id")
                .param("volume", volume)
                .param("id", upload.id().value())
                .update();
    }

    @Test
    void run_keepAfterDelivery_removesWhenTheTimeHasCome() throws Exception {
        byte[] bytes = bytes(10);
        Upload upload = fixture.finished(bytes);
        DeliveryTask task = fixture.task(fixture.deliveries, fixture.staging, Duration.ofHours(1), null);

        assertThat(task.run(upload.id())).contains(clock.instant().plus(Duration.ofHours(1)));
        assertThat(fixture.isStaged(upload)).isTrue();
        assertThat(fixture.state(upload.id())).isEqualTo(UploadState.DELIVERED);

        clock.pass(Duration.ofHours(1));
        assertThat(task.run(upload.id())).isEmpty();

        assertDeliveredOnce(upload, bytes);
    }

    /** Its bytes go from under the attempt: nobody's failure, whatever it looks like. */
    @ParameterizedTest
    @EnumSource(Failure.class)
    void run_deletedMeanwhile_isNoFailure(Failure failure) throws Exception {
        Upload upload = fixture.finished(bytes(1000));
        fixture.destination.before = (job, journal) -> {
            assertThat(fixture.uploads.terminate(upload)).isTrue();
            fixture.staging.delete(upload.id());
            throw new DestinationException(failure, "NoSuchFileException");
        };

        assertThat(fixture.task().run(upload.id())).contains(clock.instant());

        assertNoFailure(upload);
    }

    @Test
    void run_deletedMeanwhile_theRealDestination_isNoFailure() throws Exception {
        Upload upload = fixture.finished(bytes(1000));
        fixture.destination.before = (job, journal) -> {
            assertThat(fixture.uploads.terminate(upload)).isTrue();
            fixture.staging.delete(upload.id());
        };

        assertThat(fixture.task().run(upload.id())).contains(clock.instant());

        assertNoFailure(upload);
    }

    private void assertNoFailure(Upload upload) {
        assertThat(fixture.column(upload.id(), "last_error")).isNull();
        assertThat(fixture.row(upload.id()).attempts()).isZero();
        assertThat(fixture.retries(Destinations.DEFAULT, "retryable")).isZero();
        assertThat(fixture.retries(Destinations.DEFAULT, "destination")).isZero();
        assertThat(fixture.states.pauseOf(Destinations.DEFAULT)).isEmpty();
        DeliveryFixture.runToTheEnd(fixture.task(), upload.id());
        assertThat(fixture.deliveries.find(upload.id())).isEmpty();
    }

    @Test
    void run_terminated_leavesNothing() throws Exception {
        Upload upload = fixture.finished(bytes(1000));
        fixture.destination.before = (job, journal) -> {
            journal.begun("inode:1");
            journal.sent(new SentPart(1, 1000, "etag", null));
            throw new DestinationException(Failure.RETRYABLE, "the network is down");
        };
        fixture.task().run(upload.id());
        assertThat(fixture.deliveries.parts(upload.id())).hasSize(1);
        assertThat(fixture.uploads.terminate(upload)).isTrue();
        fixture.staging.delete(upload.id());

        assertThat(fixture.task().run(upload.id())).isEmpty();

        assertThat(fixture.deliveries.find(upload.id())).isEmpty();
        assertThat(fixture.deliveries.parts(upload.id())).isEmpty();
        assertThat(fixture.delivered()).isEmpty();
    }

    @Test
    void run_terminatedAfterTheObjectAppeared_removesIt() throws Exception {
        Upload upload = fixture.finished(bytes(1000));
        fixture.destination.after = (job, journal) -> {
            assertThat(fixture.delivered()).hasSize(1);
            fixture.uploads.terminate(upload);
            fixture.staging.delete(upload.id());
        };

        assertThat(fixture.task().run(upload.id())).contains(clock.instant());
        assertThat(fixture.task().run(upload.id())).isEmpty();

        assertThat(fixture.delivered()).isEmpty();
        assertThat(fixture.state(upload.id())).isEqualTo(UploadState.TERMINATED);
        assertThat(fixture.deliveries.find(upload.id())).isEmpty();
    }

    @Test
    void run_crashedAfterTheObjectAppeared_thenTerminated_removesIt() throws Exception {
        Upload upload = fixture.finished(bytes(1000));
        fixture.destination.after = (job, journal) -> {
            throw new Crash();
        };
        assertThatThrownBy(() -> fixture.task().run(upload.id())).isInstanceOf(Crash.class);
        fixture.destination.mend();
        fixture.uploads.terminate(upload);
        fixture.staging.delete(upload.id());

        assertThat(fixture.task().run(upload.id())).isEmpty();

        assertThat(fixture.delivered()).isEmpty();
    }

    @Test
    void run_deliveredThenTerminated_leavesTheObject() throws Exception {
        byte[] bytes = bytes(1000);
        Upload upload = fixture.finished(bytes);
        fixture.task(fixture.deliveries, fixture.staging, Duration.ofHours(1), null)
                .run(upload.id());
        assertThat(fixture.uploads.terminate(fixture.uploads.find(upload.id()).orElseThrow()))
                .isTrue();

        assertThat(fixture.task().run(upload.id())).isEmpty();

        assertThat(fixture.delivered()).hasSize(1);
        assertThat(fixture.delivered().getFirst()).hasBinaryContent(bytes);
    }

    @Test
    void run_leftoversCannotBeRemoved_triesAgain() throws Exception {
        Upload upload = fixture.finished(bytes(1000));
        fixture.uploads.terminate(upload);
        fixture.destination.beforeAbandon = (job, journal) -> {
            throw new DestinationException(Failure.RETRYABLE, "the network is down");
        };

        assertThat(fixture.task().run(upload.id())).isPresent();
        assertThat(fixture.deliveries.find(upload.id())).isPresent();

        fixture.destination.mend();
        assertThat(fixture.task().run(upload.id())).isEmpty();
        assertThat(fixture.deliveries.find(upload.id())).isEmpty();
    }

    @Test
    void run_displacedAttempt_canWriteNothing() throws Exception {
        byte[] bytes = bytes(1000);
        Upload upload = fixture.finished(bytes);
        fixture.destination.before = (job, journal) -> {
            fixture.destination.mend();
            // The scheduler has given this attempt up for dead and begun another, which ends first.
            assertThat(fixture.task().run(upload.id())).isEmpty();
            assertThat(journal.begun("mine")).isFalse();
            assertThat(journal.sent(new SentPart(1, 1000, "etag", null))).isFalse();
            assertThat(journal.completing("mine")).isFalse();
            assertThat(journal.isActive()).isFalse();
        };

        DeliveryFixture.runToTheEnd(fixture.task(), upload.id());

        assertDeliveredOnce(upload, bytes);
        assertThat(fixture.row(upload.id()).resumeToken()).startsWith("inode:");
    }

    @Test
    void cancel_whileSending_stopsAtOnce() throws Exception {
        Upload upload = fixture.finished(bytes(1000));
        fixture.destination.before = (job, journal) -> {
            assertThat(fixture.running.cancel(upload.id())).isTrue();
            assertThat(journal.isActive()).isFalse();
        };

        Optional<Instant> next = fixture.task().run(upload.id());

        assertThat(next).contains(clock.instant().plus(DeliveryAttempts.CANCEL_GRACE));
        assertThat(fixture.delivered()).isEmpty();
        assertThat(fixture.row(upload.id()).attempts()).isZero();
    }

    @Test
    void cancel_whileCompleting_waitsForTheOutcome() throws Exception {
        Upload upload = fixture.finished(bytes(1000));
        CountDownLatch completing = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        fixture.destination.after = (job, journal) -> {
            completing.countDown();
            await(goOn);
        };
        CompletableFuture<Optional<Instant>> delivery =
                CompletableFuture.supplyAsync(() -> fixture.task().run(upload.id()));
        await(completing);
        CompletableFuture<Boolean> cancel = CompletableFuture.supplyAsync(() -> fixture.running.cancel(upload.id()));
        assertThat(cancel).isNotDone();
        goOn.countDown();

        assertThat(cancel.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(fixture.state(upload.id())).isEqualTo(UploadState.DELIVERED);
        assertThat(delivery.get(30, TimeUnit.SECONDS)).isEmpty();
    }

    @Test
    void cancel_completionTakesTooLong_letsItGoOn() throws Exception {
        byte[] bytes = bytes(1000);
        Upload upload = fixture.finished(bytes);
        DeliveryRow row = fixture.row(upload.id());
        DeliveryAttempt attempt = new DeliveryAttempt(
                fixture.deliveries, row, fixture.deliveries.beginAttempt(row).orElseThrow(), List.of());
        assertThat(attempt.completing(null)).isTrue();

        assertThat(attempt.cancel(Duration.ofMillis(10))).isFalse();

        assertThat(attempt.isActive()).isTrue();
        attempt.completionEnded();
        assertThat(attempt.cancel(Duration.ofMillis(10))).isTrue();
        assertThat(attempt.completing(null)).isFalse();
    }

    @Test
    void run_stoppingProcess_leavesItForTheNext() throws Exception {
        byte[] bytes = bytes(1000);
        Upload upload = fixture.finished(bytes);
        fixture.running.stopAll();

        assertThat(fixture.task().run(upload.id())).contains(clock.instant());

        assertThat(fixture.delivered()).isEmpty();
        assertThat(fixture.state(upload.id())).isEqualTo(UploadState.FINISHED);
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void attempt_partsAndKey_areRemembered() throws Exception {
        Upload upload = fixture.finished(bytes(1000));
        DeliveryRow row = fixture.row(upload.id());
        long token = fixture.deliveries.beginAttempt(row).orElseThrow();

        assertThat(fixture.deliveries.setResumeToken(row.id(), token, "first")).isTrue();
        assertThat(fixture.deliveries.sent(row.id(), token, new SentPart(2, 7, "b", "crc")))
                .isTrue();
        assertThat(fixture.deliveries.sent(row.id(), token, new SentPart(1, 5, "a", null)))
                .isTrue();
        assertThat(fixture.deliveries.sent(row.id(), token, new SentPart(1, 6, "c", null)))
                .isTrue();
        assertThat(fixture.deliveries.parts(row.id()))
                .containsExactly(new SentPart(1, 6, "c", null), new SentPart(2, 7, "b", "crc"));
        assertThat(fixture.row(row.id()).resumeToken()).isEqualTo("first");

        assertThat(fixture.deliveries.beginAttempt(row)).as("an old row").isEmpty();
        assertThat(fixture.deliveries.setKey(row.id(), token, "another/key")).isTrue();
        assertThat(fixture.row(row.id()).resumeToken()).isNull();
        assertThat(fixture.row(row.id()).key()).isEqualTo("another/key");
        assertThat(fixture.deliveries.parts(row.id())).isEmpty();
    }

    /** What an attempt writes; false when it was refused. */
    @FunctionalInterface
    interface Write {

        boolean by(DeliveryRepository rows, UploadId id, long token);
    }

    /** Each by itself: a journal that was refused once does not ask again. */
    static Stream<Named<Write>> writes() {
        DeliveryReceipt receipt = new DeliveryReceipt("theirs", null, Verification.SIZE, false);
        return Stream.of(
                Named.of("setResumeToken", (rows, id, token) -> rows.setResumeToken(id, token, "theirs")),
                Named.of("sent", (rows, id, token) -> rows.sent(id, token, new SentPart(1, 5, "theirs", null))),
                Named.of("setKey", (rows, id, token) -> rows.setKey(id, token, "theirs")),
                Named.of("completing", (rows, id, token) -> rows.completing(id, token, "theirs")),
                Named.of("linking", (rows, id, token) -> rows.linking(id, token, "theirs")),
                Named.of("delivered", (rows, id, token) -> rows.delivered(id, token, receipt, null)),
                Named.of("setSha256", (rows, id, token) -> rows.setSha256(id, token, "theirs")),
                Named.of("attemptFailed", (rows, id, token) -> rows.attemptFailed(id, token, "theirs")),
                Named.of("postponed", (rows, id, token) -> rows.postponed(id, token, "theirs")),
                Named.of("awaitingBytes", (rows, id, token) -> rows.awaitingBytes(id, token)),
                Named.of("failed", (rows, id, token) -> rows.failed(id, token, "theirs")));
    }

    @ParameterizedTest
    @MethodSource("writes")
    void write_ofADisplacedAttempt_isRefused(Write write) throws Exception {
        UploadId id = fixture.finished(bytes(1000)).id();
        long displaced = fixture.deliveries.beginAttempt(fixture.row(id)).orElseThrow();
        long token = fixture.deliveries.beginAttempt(fixture.row(id)).orElseThrow();
        DeliveryRow row = fixture.row(id);

        assertThat(write.by(fixture.deliveries, id, displaced)).isFalse();

        assertThat(fixture.row(id)).isEqualTo(row);
        assertThat(fixture.deliveries.parts(id)).isEmpty();
        assertThat(fixture.state(id)).isEqualTo(UploadState.FINISHED);
        assertThat(write.by(fixture.deliveries, id, token)).isTrue();
    }

    @Test
    void remove_anotherAttemptHasBegun_leavesItsRow() throws Exception {
        UploadId id = fixture.finished(bytes(1000)).id();
        DeliveryRow old = fixture.row(id);
        assertThat(fixture.deliveries.beginAttempt(old)).isPresent();

        fixture.deliveries.remove(old);

        assertThat(fixture.deliveries.find(id)).isPresent();
    }
}
