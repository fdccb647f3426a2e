package dev.narwhal.staging;

import static dev.narwhal.staging.FaultyDisk.Kind.JOURNAL;
import static dev.narwhal.staging.FaultyDisk.Kind.OPEN_DIRECT;
import static dev.narwhal.staging.FaultyDisk.Kind.OPEN_NEW;
import static dev.narwhal.staging.FaultyDisk.Kind.SYNC;
import static dev.narwhal.staging.FaultyDisk.Kind.WRITE;
import static dev.narwhal.staging.FaultyDisk.Kind.WRITE_DIRECT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.narwhal.upload.UploadId;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left of a body when the disk fails: what was flushed before, and nothing more is ever claimed. */
class FailingDiskTest {

    private static final String BROKEN = "Input/output error";

    private final UploadId id = UploadId.random();
    private final byte[] content = Bytes.random(20 * DiskFixture.DIRECT, 40);

    @Test
    void received_writeFails_endsTheBodyForGood() throws IOException {
        try (DiskFixture fixture = DiskFixture.buffered()) {
            failsForGood(fixture, WRITE, append -> Bytes.append(append, content, 20_000, 60_000));
        }
    }

    /** A failed sync is not repeated as if it had not been; one that succeeds while the journal is given up counts nothing. */
    @ParameterizedTest
    @EnumSource(names = {"WRITE", "SYNC", "JOURNAL"})
    void flush_fails_endsTheBodyForGood(FaultyDisk.Kind kind) throws IOException {
        try (DiskFixture fixture = DiskFixture.buffered()) {
            failsForGood(fixture, kind, append -> {
                Bytes.append(append, content, 20_000, 20_001);
                append.flush();
            });
        }
    }

    @Test
    void firstFlush_journalGivenUpDuringTheSync_leavesNoFileAndTheNextBodyBegins() throws IOException {
        try (DiskFixture fixture = DiskFixture.buffered()) {
            fixture.store.admit(id, 0);
            fixture.disk.breakWith(FaultyDisk.failing(JOURNAL, BROKEN));
            try (StagedAppend append = fixture.store.append(id, 0, -1)) {
                Bytes.append(append, content, 0, 100);
                assertThatThrownBy(append::flush).hasStackTraceContaining(BROKEN);
            }
            assertThat(fixture.file(id)).doesNotExist();
            fixture.disk.breakWith(FaultyDisk.NONE);
            appendAll(fixture, 0);
        }
    }

    /** What a failed sync has lost no later one brings back: it is written again. */
    @Test
    void append_afterAFailedSync_writesAgainWhatWasLost() throws IOException {
        try (DiskFixture fixture = DiskFixture.buffered()) {
            failsForGood(fixture, SYNC, append -> {
                Bytes.append(append, content, 20_000, 60_000);
                append.flush();
            });
            assertThat(Files.readAllBytes(fixture.file(id))).startsWith(Arrays.copyOf(content, 20_000));
            appendAll(fixture, 20_000);
        }
    }

    @Test
    void syncBehind_fails_surfacesOnALaterCall() throws IOException {
        try (DiskFixture fixture = DiskFixture.buffered()) {
            failsForGood(fixture, SYNC, append -> {
                AtomicBoolean first = new AtomicBoolean(true);
                fixture.disk.breakWith(operation -> {
                    if (operation.kind() == SYNC && first.getAndSet(false)) {
                        throw new IOException(BROKEN);
                    }
                });
                Bytes.append(append, content, 20_000, content.length);
                append.flush();
            });
        }
    }

    @Test
    void directWrite_failsOnItsThread_surfacesAndTheNextBodyGoesThroughTheCache() throws IOException {
        try (DiskFixture fixture = DiskFixture.direct()) {
            assumeTrue(fixture.store.isDirectPossible(), "the file system of target/ refuses direct I/O");
            failsForGood(fixture, WRITE_DIRECT, append -> Bytes.append(append, content, 20_000, content.length));
            fixture.disk.forget();
            fixture.disk.breakWith(FaultyDisk.failing(WRITE_DIRECT, BROKEN));
            appendAll(fixture, 20_000);
            assertThat(fixture.disk.count(OPEN_DIRECT)).isZero();
        }
    }

    /** A full disk once must not cost the speed of weeks; nor must one file that is as large as files can be there. */
    @ParameterizedTest
    @ValueSource(strings = {"No space left on device", "Disk quota exceeded", "File too large"})
    void directWrite_failsForWantOfRoom_leavesDirectIoOn(String message) throws IOException {
        try (DiskFixture fixture = DiskFixture.direct()) {
            assumeTrue(fixture.store.isDirectPossible(), "the file system of target/ refuses direct I/O");
            failsToWriteDirectly(fixture, message);
            fixture.disk.forget();
            appendAll(fixture, 0);
            assertThat(fixture.disk.count(WRITE_DIRECT)).isPositive();
        }
    }

    @Test
    void directWrite_failedOnce_isTriedAgainAfterAMinute() throws IOException {
        try (DiskFixture fixture = DiskFixture.direct()) {
            assumeTrue(fixture.store.isDirectPossible(), "the file system of target/ refuses direct I/O");
            failsToWriteDirectly(fixture, BROKEN);
            assertThat(fixture.store.isDirectPossible()).isFalse();
            fixture.nanoTime.addAndGet(TimeUnit.SECONDS.toNanos(61));
            fixture.disk.breakWith(FaultyDisk.failing(WRITE_DIRECT, BROKEN));
            appendAll(fixture, 0);
            assertThat(fixture.store.isDirectPossible()).as("still broken").isFalse();
            fixture.nanoTime.addAndGet(TimeUnit.SECONDS.toNanos(61));
            fixture.disk.breakWith(FaultyDisk.NONE);
            fixture.disk.forget();
            appendAll(fixture, 0);
            assertThat(fixture.disk.count(WRITE_DIRECT)).isGreaterThan(1);
            assertThat(fixture.store.isDirectPossible()).isTrue();
        }
    }

    /** The disk fails at the first of several writes that wait: the others would leave a hole behind them. */
    @Test
    void directWrite_failsWithOthersWaiting_writesAndClaimsNothingBehindIt() throws Exception {
        try (DiskFixture fixture = DiskFixture.direct()) {
            assumeTrue(fixture.store.isDirectPossible(), "the file system of target/ refuses direct I/O");
            fixture.store.admit(id, content.length);
            try (StagedAppend append = fixture.store.append(id, 0, -1)) {
                Bytes.append(append, content, 0, 20_000);
                assertThat(append.flush()).isEqualTo(20_000);
                fixture.disk.forget();
                CountDownLatch writing = new CountDownLatch(1);
                fixture.disk.breakWith(operation -> {
                    if (operation.kind() == WRITE_DIRECT) {
                        awaitLatch(writing);
                        throw new IOException(BROKEN);
                    }
                });
                Bytes.append(append, content, 20_000, 2 * DiskFixture.DIRECT + 100);
                append.startSync();
                assertThat(append.durable()).isEqualTo(20_000);
                writing.countDown();
                assertThatThrownBy(append::flush).hasStackTraceContaining(BROKEN);
                assertThat(append.durable()).isEqualTo(20_000);
                assertThat(fixture.disk.count(WRITE_DIRECT)).isZero();
                assertThat(fixture.disk.count(SYNC)).isZero();
            }
            assertThat(fixture.store.buffersInUse()).isZero();
            fixture.disk.breakWith(FaultyDisk.NONE);
            assertThat(Bytes.read(fixture.store, id, 20_000)).isEqualTo(Arrays.copyOf(content, 20_000));
        }
    }

    @Test
    void startSync_writesStillWaiting_isDurableOnlyWhenTheyAreDone() throws Exception {
        try (DiskFixture fixture = DiskFixture.direct()) {
            assumeTrue(fixture.store.isDirectPossible(), "the file system of target/ refuses direct I/O");
            fixture.store.admit(id, content.length);
            CountDownLatch writing = new CountDownLatch(1);
            fixture.disk.breakWith(operation -> {
                if (operation.kind() == WRITE_DIRECT) {
                    awaitLatch(writing);
                }
            });
            try (StagedAppend append = fixture.store.append(id, 0, -1)) {
                Bytes.append(append, content, 0, 2 * DiskFixture.DIRECT + 100);
                append.startSync();
                assertThat(append.durable()).isZero();
                assertThat(fixture.disk.count(SYNC)).isZero();
                writing.countDown();
                Awaitility.await().until(() -> append.durable() == 2 * DiskFixture.DIRECT);
                assertThat(append.flush()).isEqualTo(2 * DiskFixture.DIRECT + 100);
            }
        }
    }

    @Test
    void startSync_fails_claimsNothingAndEndsTheBody() throws IOException {
        try (DiskFixture fixture = DiskFixture.buffered()) {
            failsForGood(fixture, SYNC, append -> {
                Bytes.append(append, content, 20_000, 30_000);
                append.startSync();
                Awaitility.await().until(() -> isOver(append));
                assertThat(append.durable()).isEqualTo(20_000);
                append.flush();
            });
        }
    }

    private static boolean isOver(StagedAppend append) {
        try {
            append.received(0);
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static void awaitLatch(CountDownLatch latch) throws IOException {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private void failsToWriteDirectly(DiskFixture fixture, String message) throws IOException {
        fixture.store.admit(id, content.length);
        fixture.disk.breakWith(FaultyDisk.failing(WRITE_DIRECT, message));
        try (StagedAppend append = fixture.store.append(id, 0, -1)) {
            assertThatThrownBy(() -> {
                        Bytes.append(append, content, 0, content.length);
                        append.flush();
                    })
                    .hasStackTraceContaining(message);
        }
        fixture.disk.breakWith(FaultyDisk.NONE);
    }

    @Test
    void write_pastTheLargestFile_isSaidAsTooLarge_andTheFlushedBytesStay() throws IOException {
        try (DiskFixture fixture = DiskFixture.buffered()) {
            fixture.store.admit(id, 0);
            try (StagedAppend append = fixture.store.append(id, 0, -1)) {
                Bytes.append(append, content, 0, 20_000);
                append.flush();
                fixture.disk.breakWith(FaultyDisk.failing(WRITE, "File too large"));
                Bytes.append(append, content, 20_000, 20_100);
                assertThatThrownBy(append::flush).isInstanceOf(StagedFileTooLargeException.class);
            }
            fixture.disk.breakWith(FaultyDisk.NONE);
            appendAll(fixture, 20_000);
        }
    }

    /** Flushes 20,000 bytes, then does what fails; nothing works after that, and the 20,000 are whole. */
    private void failsForGood(DiskFixture fixture, FaultyDisk.Kind kind, Step failing) throws IOException {
        fixture.store.admit(id, content.length);
        try (StagedAppend append = fixture.store.append(id, 0, -1)) {
            Bytes.append(append, content, 0, 20_000);
            assertThat(append.flush()).isEqualTo(20_000);
            fixture.disk.breakWith(FaultyDisk.failing(kind, BROKEN));
            assertThatThrownBy(() -> failing.on(append))
                    .isInstanceOf(IOException.class)
                    .hasStackTraceContaining(BROKEN);
            fixture.disk.breakWith(FaultyDisk.NONE);
            assertThatThrownBy(append::flush).isInstanceOf(IOException.class).hasStackTraceContaining(BROKEN);
            assertThatThrownBy(append::buffer)
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(StagingFullException.class);
            assertThatThrownBy(() -> append.received(1)).isInstanceOf(IOException.class);
            assertThatThrownBy(append::flush).isInstanceOf(IOException.class);
        }
        assertThat(Bytes.read(fixture.store, id, 20_000)).isEqualTo(Arrays.copyOf(content, 20_000));
        assertThat(fixture.store.buffersInUse()).isZero();
    }

    private void appendAll(DiskFixture fixture, int from) throws IOException {
        try (StagedAppend append = fixture.store.append(id, from, -1)) {
            Bytes.append(append, content, from, content.length);
            append.flush();
        }
        assertThat(Bytes.read(fixture.store, id, content.length)).isEqualTo(content);
    }

    @Test
    void write_noSpaceLeft_isSaidAsFull() throws IOException {
        try (DiskFixture fixture = DiskFixture.buffered()) {
            fixture.store.admit(id, 0);
            try (StagedAppend append = fixture.store.append(id, 0, -1)) {
                fixture.disk.breakWith(FaultyDisk.failing(WRITE, "No space left on device"));
                Bytes.append(append, content, 0, 100);
                assertThatThrownBy(append::flush).isInstanceOf(StagingFullException.class);
                fixture.disk.breakWith(FaultyDisk.NONE);
                assertThatThrownBy(append::flush).isInstanceOf(StagingFullException.class);
            }
        }
    }

    @Test
    void open_directRefused_goesThroughTheCache() throws IOException {
        FaultyDisk.Fault refusing = operation -> {
            if (operation.kind() == OPEN_DIRECT) {
                throw new UnsupportedOperationException("not here");
            }
        };
        try (DiskFixture fixture = DiskFixture.with(DiskFixture.directTuning(), refusing)) {
            assertThat(fixture.store.isDirectPossible()).isFalse();
            fixture.store.admit(id, 0);
            appendAll(fixture, 0);
        }
    }

    @Test
    void firstDirectWrite_refused_goesThroughTheCache() throws IOException {
        FaultyDisk.Fault refusing = FaultyDisk.failing(WRITE_DIRECT, "Invalid argument");
        try (DiskFixture fixture = DiskFixture.with(DiskFixture.directTuning(), refusing)) {
            assertThat(fixture.store.isDirectPossible()).isFalse();
            fixture.store.admit(id, 0);
            appendAll(fixture, 0);
        }
    }

    @Test
    void directHandle_cannotBeHadForOneBody_goesThroughTheCacheForThatOneOnly() throws IOException {
        try (DiskFixture fixture = DiskFixture.direct()) {
            assumeTrue(fixture.store.isDirectPossible(), "the file system of target/ refuses direct I/O");
            fixture.store.admit(id, 0);
            fixture.disk.forget();
            fixture.disk.breakWith(FaultyDisk.failing(OPEN_DIRECT, "Too many open files"));
            appendAll(fixture, 0);
            assertThat(fixture.disk.count(WRITE_DIRECT)).isZero();
            fixture.disk.breakWith(FaultyDisk.NONE);
            appendAll(fixture, 0);
            assertThat(fixture.disk.count(WRITE_DIRECT)).isPositive();
        }
    }

    @Test
    void firstFlush_fileCannotBeOpened_leavesNothingAndTheNextBodyBegins() throws IOException {
        try (DiskFixture fixture = DiskFixture.buffered()) {
            fixture.store.admit(id, 0);
            fixture.disk.breakWith(FaultyDisk.failing(OPEN_NEW, "Too many open files"));
            try (StagedAppend append = fixture.store.append(id, 0, -1)) {
                Bytes.append(append, content, 0, 100);
                assertThatThrownBy(append::flush).hasStackTraceContaining("Too many open files");
            }
            assertThat(fixture.file(id)).doesNotExist();
            fixture.disk.breakWith(FaultyDisk.NONE);
            appendAll(fixture, 0);
        }
    }

    @Test
    void close_afterAFailureBehind_returnsAllBuffers() throws IOException {
        try (DiskFixture fixture = DiskFixture.direct()) {
            assumeTrue(fixture.store.isDirectPossible(), "the file system of target/ refuses direct I/O");
            fixture.store.admit(id, 0);
            StagedAppend append = fixture.store.append(id, 0, -1);
            fixture.disk.breakWith(FaultyDisk.failing(WRITE_DIRECT, BROKEN));
            BooleanSupplier broken = () -> {
                try {
                    Bytes.fill(append, content, 0, content.length);
                    return false;
                } catch (IOException e) {
                    return true;
                }
            };
            Awaitility.await().until(broken::getAsBoolean);
            append.close();
            assertThat(fixture.store.buffersInUse()).isZero();
        }
    }

    /** Something done with a body. */
    @FunctionalInterface
    private interface Step {

        void on(StagedAppend append) throws IOException;
    }
}
