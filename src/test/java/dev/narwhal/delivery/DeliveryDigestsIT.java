package dev.narwhal.delivery;

import static dev.narwhal.delivery.DeliveryTaskContract.bytes;
import static dev.narwhal.delivery.DeliveryTaskContract.sha256;
import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.destination.DeliveryReceipt;
import dev.narwhal.destination.Destinations;
import dev.narwhal.testkit.SettableClock;
import dev.narwhal.upload.TestDatabase;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadKind;
import dev.narwhal.upload.UploadState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The SHA-256 of whole files: compared before the delivery, or computed after it, and never in anybody's way. */
class DeliveryDigestsIT {

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();
    private TestDatabase database;
    private DeliveryFixture fixture;

    @BeforeEach
    void open() {
        database = TestDatabase.h2(folder);
        fixture = new DeliveryFixture(folder, database, clock);
    }

    @AfterEach
    void close() {
        fixture.close();
        database.close();
    }

    private void assertDelivered(Upload upload, byte[] bytes) throws Exception {
        assertThat(fixture.state(upload.id())).isEqualTo(UploadState.DELIVERED);
        assertThat(fixture.delivered().getFirst()).hasBinaryContent(bytes);
        assertThat(fixture.deliveries.sha256(upload.id())).contains(sha256(bytes));
        assertThat(fixture.isStaged(upload)).isFalse();
    }

    @Test
    void run_withoutADigest_readsNothingMore() throws Exception {
        fixture.digest = DeliveryProperties.Digest.NONE;
        byte[] bytes = bytes(2_000_000);
        Upload upload = fixture.finished(bytes);

        assertThat(fixture.task().run(upload.id())).isEmpty();

        assertThat(fixture.state(upload.id())).isEqualTo(UploadState.DELIVERED);
        assertThat(fixture.delivered().getFirst()).hasBinaryContent(bytes);
        assertThat(fixture.row(upload.id()).sha256()).isNull();
        assertThat(fixture.deliveries.sha256(upload.id())).isEmpty();
        assertThat(fixture.isStaged(upload)).isFalse();
    }

    private Upload declaring(byte[] bytes, String sha256) throws IOException {
        String metadata = "sha256 " + Base64.getEncoder().encodeToString(sha256.getBytes(StandardCharsets.US_ASCII));
        return fixture.finished(bytes, fixture.staging.volume(), UploadKind.WHOLE, "", metadata);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1000, 3_000_000})
    void run_clientsDigest_isComparedWhateverTheSetting_andGoesWithTheObject(int length) throws Exception {
        fixture.digest = DeliveryProperties.Digest.NONE;
        byte[] bytes = bytes(length);
        Upload upload = declaring(bytes, sha256(bytes).toUpperCase(Locale.ROOT));
        String digest = sha256(bytes);
        fixture.destination.before =
                (job, journal) -> assertThat(job.metadata()).containsExactly(Map.entry("sha256", digest));

        assertThat(fixture.task().run(upload.id())).isEmpty();

        assertDelivered(upload, bytes);
    }

    @ParameterizedTest
    @ValueSource(ints = {1000, 3_000_000})
    void run_clientsDigestDiffers_failsBeforeAnythingIsSent(int length) throws Exception {
        byte[] bytes = bytes(length);
        String declared = sha256(bytes(17));
        Upload upload = declaring(bytes, declared);
        fixture.destination.before = (job, journal) -> {
            throw new AssertionError("It must not be sent");
        };

        assertThat(fixture.task().run(upload.id())).isEmpty();

        assertThat(fixture.state(upload.id())).isEqualTo(UploadState.FAILED);
        assertThat(fixture.column(upload.id(), "last_error")).contains(sha256(bytes), declared);
        assertThat(fixture.isStaged(upload)).isTrue();
        assertThat(fixture.deliveries.retry(upload.id(), null)).isTrue();
        assertThat(fixture.row(upload.id()).sha256()).as("it is read anew").isNull();
        assertThat(fixture.task().run(upload.id())).isEmpty();
        assertThat(fixture.state(upload.id())).isEqualTo(UploadState.FAILED);
    }

    @Test
    void run_clientsDigestOfLostBytes_fails() throws Exception {
        Upload upload = declaring(bytes(1000), sha256(bytes(1000)));
        fixture.staging.delete(upload.id());

        assertThat(fixture.task().run(upload.id())).isEmpty();

        assertThat(fixture.state(upload.id())).isEqualTo(UploadState.FAILED);
    }

    /** It may take minutes: others are delivered meanwhile, and know that the destination is there. */
    @Test
    void run_digestOfALargeFile_holdsNoSlot_andComesAfterThePause() throws Exception {
        byte[] bytes = bytes(17 << 20);
        Upload upload = fixture.finished(bytes);
        passUntil(fixture.states
                .refused(Destinations.DEFAULT, UploadId.random(), "403", clock.instant(), Duration.ZERO)
                .orElseThrow());
        List<String> seen = new ArrayList<>();
        DeliveryTask task = fixture.task(
                digesting(() -> {
                    UploadId one = UploadId.random();
                    UploadId another = UploadId.random();
                    seen.add("slots " + fixture.slots.tryAcquire(one) + fixture.slots.tryAcquire(another));
                    seen.add("paused "
                            + fixture.states.pauseOf(Destinations.DEFAULT).isPresent());
                    seen.add("state " + fixture.state(upload.id()));
                    var unused = fixture.slots.release(one).isPresent()
                            || fixture.slots.release(another).isPresent();
                }),
                fixture.staging,
                Duration.ZERO,
                null);

        assertThat(task.run(upload.id())).isEmpty();

        assertThat(seen).containsExactly("slots truetrue", "paused false", "state DELIVERED");
        assertDelivered(upload, bytes);
    }

    private void passUntil(Instant time) {
        clock.pass(Duration.between(clock.instant(), time));
    }

    private DeliveryRepository digesting(Runnable before) {
        return new DeliveryRepository(database.jdbc(), database.committer(), fixture.uploads, clock) {
            @Override
            boolean setSha256(UploadId id, long token, String sha256) {
                before.run();
                return super.setSha256(id, token, sha256);
            }
        };
    }

    /** Nobody waits for it: one file at a time, and its bytes stay until it is its turn. */
    @Test
    void run_digestOfALargeFile_waitsForAnother() throws Exception {
        byte[] bytes = bytes(2_000_000);
        Upload first = fixture.finished(bytes(2_000_001));
        Upload second = fixture.finished(bytes);
        List<Optional<Instant>> others = new ArrayList<>();
        DeliveryTask[] task = new DeliveryTask[1];
        task[0] = fixture.task(
                digesting(() -> {
                    if (others.isEmpty()) {
                        others.add(Optional.empty());
                        others.add(task[0].run(second.id()));
                    }
                }),
                fixture.staging,
                Duration.ZERO,
                null);

        assertThat(task[0].run(first.id())).isEmpty();

        assertThat(others.getLast()).contains(clock.instant().plus(DeliveryDigests.NO_SLOT));
        assertThat(fixture.state(second.id())).isEqualTo(UploadState.DELIVERED);
        assertThat(fixture.isStaged(second)).isTrue();
        assertThat(task[0].run(second.id())).isEmpty();
        assertThat(fixture.row(second.id()).sha256()).isEqualTo(sha256(bytes));
        assertThat(fixture.isStaged(second)).isFalse();
    }

    @Test
    void run_processStopsDuringADigest_leavesItForTheNext() throws Exception {
        byte[] bytes = bytes(2_000_000);
        Upload upload = fixture.finished(bytes);
        DeliveryRepository stopping =
                new DeliveryRepository(database.jdbc(), database.committer(), fixture.uploads, clock) {
                    @Override
                    boolean delivered(UploadId id, long token, DeliveryReceipt receipt, @Nullable String sha256) {
                        boolean delivered = super.delivered(id, token, receipt, sha256);
                        fixture.running.stopAll();
                        return delivered;
                    }
                };

        assertThat(fixture.task(stopping, fixture.staging, Duration.ZERO, null).run(upload.id()))
                .isPresent();

        assertThat(fixture.state(upload.id())).isEqualTo(UploadState.DELIVERED);
        assertThat(fixture.row(upload.id()).sha256()).isNull();
        assertThat(fixture.isStaged(upload)).isTrue();
    }
}
