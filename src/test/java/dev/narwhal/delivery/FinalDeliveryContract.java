package dev.narwhal.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.narwhal.access.Caller;
import dev.narwhal.access.Limits;
import dev.narwhal.access.Role;
import dev.narwhal.delivery.DeliveryFixture.Crash;
import dev.narwhal.destination.DeliveryReceipt;
import dev.narwhal.ingest.NewFinal;
import dev.narwhal.ingest.PartialUnusableException;
import dev.narwhal.ingest.PartialUnusableException.Reason;
import dev.narwhal.ingest.VolumeAbsentException;
import dev.narwhal.staging.StagedContent;
import dev.narwhal.staging.StagedUploads;
import dev.narwhal.staging.StagingDamagedException;
import dev.narwhal.testkit.SettableClock;
import dev.narwhal.upload.FinalTooLargeException;
import dev.narwhal.upload.TestDatabase;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadDescription;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadKind;
import dev.narwhal.upload.UploadState;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Finals of real staged partials on their way to a directory, on every database. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
abstract class FinalDeliveryContract {

    @TempDir
    Path folder;

    private final SettableClock clock = new SettableClock();
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

    private static byte[] joined(byte[]... pieces) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            joined.writeBytes(piece);
        }
        return joined.toByteArray();
    }

    private void assertDeliveredOnce(Upload whole, byte[] bytes) throws Exception {
        assertThat(fixture.state(whole.id())).isEqualTo(UploadState.DELIVERED);
        assertThat(fixture.delivered()).hasSize(1);
        assertThat(fixture.delivered().getFirst()).hasBinaryContent(bytes);
        assertThat(fixture.row(whole.id()).sha256()).isEqualTo(DeliveryTaskContract.sha256(bytes));
        assertThat(fixture.column(whole.id(), "checksum_kind")).isEqualTo("READ_BACK_CRC32");
        for (Upload partial : fixture.uploads.partials(whole.id())) {
            assertThat(partial.state()).isEqualTo(UploadState.FINISHED);
            assertThat(fixture.isStaged(partial)).isTrue();
        }
    }

    @Test
    void run_final_deliversItsPartialsInOrderAndLeavesThem() throws Exception {
        byte[] first = DeliveryTaskContract.bytes(700_001);
        byte[] second = DeliveryTaskContract.bytes(3);
        Upload whole = fixture.concatenated(first, new byte[0], second);

        assertThat(fixture.task().run(whole.id())).isEmpty();

        assertDeliveredOnce(whole, joined(first, second));
        assertThat(fixture.task().run(whole.id())).isEmpty();
        assertDeliveredOnce(whole, joined(first, second));
    }

    @Test
    void run_finalOfNothing_isDelivered() throws Exception {
        Upload whole = fixture.concatenated(new byte[0], new byte[0]);

        fixture.task().run(whole.id());

        assertDeliveredOnce(whole, new byte[0]);
    }

    enum CrashPoint {
        BEFORE_DELIVERING,
        BEFORE_COMPLETING,
        AFTER_COMPLETING,
        AFTER_DELIVERING,
        BEFORE_RECORDING,
        AFTER_RECORDING
    }

    @ParameterizedTest
    @EnumSource
    void run_finalAfterACrash_isDeliveredOnce(CrashPoint point) throws Exception {
        byte[] first = DeliveryTaskContract.bytes(400_000);
        byte[] second = DeliveryTaskContract.bytes(300_000);
        Upload whole = fixture.concatenated(first, second);
        fixture.destination.before = (job, journal) -> crashIf(point, CrashPoint.BEFORE_DELIVERING);
        fixture.destination.after = (job, journal) -> crashIf(point, CrashPoint.AFTER_DELIVERING);
        DeliveryTask dying = fixture.task(crashing(point), fixture.staging, Duration.ZERO, null);
        assertThatExceptionOfType(Crash.class).isThrownBy(() -> dying.run(whole.id()));
        fixture.destination.mend();

        DeliveryFixture.runToTheEnd(fixture.task(), whole.id());

        assertDeliveredOnce(whole, joined(first, second));
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
            boolean delivered(UploadId id, long token, DeliveryReceipt receipt, @Nullable String sha256) {
                crashIf(point, CrashPoint.BEFORE_RECORDING);
                boolean result = super.delivered(id, token, receipt, sha256);
                crashIf(point, CrashPoint.AFTER_RECORDING);
                return result;
            }
        };
    }

    @Test
    void run_bytesOfAPartialLost_failsVisibly() throws Exception {
        Upload whole = fixture.concatenated(DeliveryTaskContract.bytes(10), DeliveryTaskContract.bytes(20));
        fixture.staging.delete(fixture.uploads.partials(whole.id()).getLast().id());

        assertThat(fixture.task().run(whole.id())).isEmpty();

        assertThat(fixture.state(whole.id())).isEqualTo(UploadState.FAILED);
        assertThat(fixture.delivered()).isEmpty();
    }

    @Test
    void run_deliveredAndUndigestedWithItsPartialGone_isOver() throws Exception {
        Upload whole = fixture.concatenated(DeliveryTaskContract.bytes(10));
        fixture.task().run(whole.id());
        database()
                .jdbc()
                .sql("update delivery set sha256 = null where upload_id = :id")
                .param("id", whole.id().value())
                .update();
        assertThat(fixture.uploads.terminate(
                        fixture.uploads.partials(whole.id()).getFirst()))
                .isTrue();

        assertThat(fixture.task().run(whole.id())).isEmpty();

        assertThat(fixture.state(whole.id())).isEqualTo(UploadState.DELIVERED);
    }

    @Test
    void open_final_staysReadableWhenItsPartialsGo() throws Exception {
        byte[] first = DeliveryTaskContract.bytes(10);
        byte[] second = DeliveryTaskContract.bytes(20);
        Upload whole = fixture.concatenated(first, second);
        StagedUploads staged = new StagedUploads(fixture.staging, fixture.uploads);

        try (StagedContent content = staged.open(whole)) {
            staged.delete(whole);
            for (Upload partial : fixture.uploads.partials(whole.id())) {
                fixture.staging.delete(partial.id());
            }
            ByteBuffer target = ByteBuffer.allocate(30);
            assertThat(content.read(target, 0)).isEqualTo(30);
            assertThat(target.array()).isEqualTo(joined(first, second));
        }
        assertThatExceptionOfType(StagingDamagedException.class).isThrownBy(() -> staged.open(whole));
    }

    @Test
    void concatenate_partialsThatAreNone_saysWhichAndWhy() throws Exception {
        UploadId partial = partial("", fixture.staging.volume()).id();
        UploadId whole = fixture.finished(new byte[1]).id();
        UploadId terminated = terminated();
        UploadId foreign = fixture.finished(new byte[1], fixture.staging.volume(), UploadKind.PARTIAL, "other")
                .id();
        UploadId foreignWhole = fixture.finished(new byte[1], fixture.staging.volume(), UploadKind.WHOLE, "other")
                .id();

        for (UploadId missing : List.of(UploadId.random(), terminated, foreign, foreignWhole)) {
            assertUnusable(Reason.NOT_FOUND, 2, partial, missing);
        }
        assertUnusable(Reason.NOT_A_PARTIAL, 1, whole, partial);
        assertUnusable(
                Reason.NOT_A_PARTIAL, 1, fixture.concatenated(new byte[1]).id());
    }

    private Upload partial(String owner, String volume) throws Exception {
        return fixture.finished(new byte[1], volume, UploadKind.PARTIAL, owner);
    }

    private UploadId terminated() throws Exception {
        Upload partial = partial("", fixture.staging.volume());
        assertThat(fixture.uploads.terminate(partial)).isTrue();
        return partial.id();
    }

    private void assertUnusable(Reason reason, int position, UploadId... partials) {
        assertThatExceptionOfType(PartialUnusableException.class)
                .isThrownBy(() -> fixture.concatenator(Long.MAX_VALUE).concatenate(wanted(partials)))
                .satisfies(e -> assertThat(e.reason()).isEqualTo(reason))
                .satisfies(e -> assertThat(e.position()).isEqualTo(position));
    }

    /** Finds what has no owner. */
    private static final Caller NOBODY = Caller.of("", Set.of(Role.UPLOAD), Limits.NONE, null);

    private static NewFinal wanted(UploadId... partials) {
        return new NewFinal(NOBODY, List.of(partials), new UploadDescription(null, null, null, "final;..."));
    }

    @Test
    void concatenate_partialOnAnotherVolume_isRefusedForNow() throws Exception {
        UploadId here = partial("", fixture.staging.volume()).id();
        UploadId elsewhere = partial("", "another-volume").id();

        assertThatExceptionOfType(VolumeAbsentException.class)
                .isThrownBy(() -> fixture.concatenator(Long.MAX_VALUE).concatenate(wanted(here, elsewhere)));
    }

    @Test
    void concatenate_moreThanTheLargestUpload_isRefused() throws Exception {
        UploadId two = fixture.finished(new byte[2], fixture.staging.volume(), UploadKind.PARTIAL)
                .id();

        assertThat(fixture.concatenator(4).concatenate(wanted(two, two)).length())
                .isEqualTo(4);
        assertThatExceptionOfType(FinalTooLargeException.class)
                .isThrownBy(() -> fixture.concatenator(3).concatenate(wanted(two, two)));
    }
}
