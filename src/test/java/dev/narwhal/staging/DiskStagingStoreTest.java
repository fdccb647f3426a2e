package dev.narwhal.staging;

import static dev.narwhal.staging.FaultyDisk.Kind.SYNC;
import static dev.narwhal.staging.FaultyDisk.Kind.WRITE;
import static dev.narwhal.staging.FaultyDisk.Kind.WRITE_DIRECT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.narwhal.upload.UploadId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is the disk store's own: which path a body takes, who waits for whom, what is synced, where files lie. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class DiskStagingStoreTest {

    /** By which a volume is known to be there. */
    private static final String MARK = ".volume";

    private static final int LARGE = 8 * DiskFixture.DIRECT;

    private final UploadId id = UploadId.random();
    private final byte[] content = Bytes.random(2 * LARGE, 60);

    @Test
    void append_shortBody_isNeverDirect() throws IOException {
        try (DiskFixture fixture = directWhen(LARGE)) {
            fixture.store.admit(id, 0);
            try (StagedAppend append = fixture.store.append(id, 0, LARGE - 1)) {
                Bytes.append(append, content, 0, LARGE - 1);
                append.flush();
            }
            assertThat(fixture.disk.count(WRITE_DIRECT)).isZero();
        }
    }

    @Test
    void append_largeBodyOfUnknownLength_isDirectOnceItHasShownItself() throws IOException {
        try (DiskFixture fixture = directWhen(LARGE)) {
            fixture.store.admit(id, 0);
            try (StagedAppend append = fixture.store.append(id, 0, -1)) {
                Bytes.append(append, content, 0, LARGE);
                append.flush();
                assertThat(fixture.disk.count(WRITE_DIRECT)).isZero();
                Bytes.append(append, content, LARGE, content.length);
                append.flush();
                assertThat(fixture.disk.count(WRITE_DIRECT)).isPositive();
            }
            assertThat(Bytes.read(fixture.store, id, content.length)).isEqualTo(content);
        }
    }

    /** An upload in PATCHes of a few MiB: only the first has to show that the client is fast. */
    @Test
    void append_afterAFastBody_isDirectFromItsFirstByte() throws IOException {
        try (DiskFixture fixture = directWhen(1)) {
            fixture.store.admit(id, content.length);
            try (StagedAppend append = fixture.store.append(id, 0, LARGE)) {
                Bytes.append(append, content, 0, LARGE);
                append.flush();
            }
            assertThat(fixture.disk.count(WRITE)).isPositive();
            fixture.disk.forget();
            try (StagedAppend append = fixture.store.append(id, LARGE, LARGE)) {
                Bytes.append(append, content, LARGE, content.length);
                append.flush();
            }
            assertThat(fixture.disk.count(WRITE)).isZero();
            assertThat(fixture.disk.count(WRITE_DIRECT)).isPositive();
            assertThat(Bytes.read(fixture.store, id, content.length)).isEqualTo(content);
        }
    }

    @Test
    void append_slowBody_keepsASmallBuffer() throws IOException {
        try (DiskFixture fixture = directWhen(1)) {
            fixture.store.admit(id, 0);
            int received = 0;
            try (StagedAppend append = fixture.store.append(id, 0, -1)) {
                while (received < 10_000) {
                    assertThat(append.buffer().remaining()).isLessThanOrEqualTo(DiskFixture.SMALL);
                    received += Bytes.fill(append, content, received, 100);
                    fixture.nanoTime.addAndGet(100_000_000L);
                }
                assertThat(append.flush()).isEqualTo(received);
            }
            assertThat(Bytes.read(fixture.store, id, received)).isEqualTo(Arrays.copyOf(content, received));
        }
    }

    @Test
    void append_bodyBecomesSlow_givesItsLargeBufferBackAndGoesOn() throws IOException {
        try (DiskFixture fixture = directWhen(0)) {
            fixture.store.admit(id, 0);
            try (StagedAppend append = fixture.store.append(id, 0, -1)) {
                Bytes.append(append, content, 0, LARGE + 5_000);
                assertThat(append.buffer().remaining()).isGreaterThan(DiskFixture.MEDIUM);
                fixture.nanoTime.addAndGet(TimeUnit.SECONDS.toNanos(1));
                append.received(0);
                assertThat(append.buffer().remaining())
                        .as("nothing announced: the reader may still be in the same room")
                        .isGreaterThan(DiskFixture.MEDIUM);
                Bytes.fill(append, content, LARGE + 5_000, 1);
                assertThat(append.buffer().remaining()).isLessThanOrEqualTo(DiskFixture.SMALL);
                assertThat(fixture.store.buffersInUse()).isEqualTo(1);
                Bytes.append(append, content, LARGE + 5_001, content.length);
                append.flush();
            }
            assertThat(Bytes.read(fixture.store, id, content.length)).isEqualTo(content);
        }
    }

    @Test
    void append_moreBodiesThanDirectBuffers_allGoOn() throws Exception {
        try (DiskFixture fixture = directWhen(0);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<byte[]>> bodies = new ArrayList<>();
            for (int i = 0; i < 4 * DiskFixture.DIRECT_BUFFERS; i++) {
                bodies.add(threads.submit(() -> appendAndRead(fixture, UploadId.random())));
            }
            for (Future<byte[]> body : bodies) {
                assertThat(body.get()).isEqualTo(content);
            }
            assertThat(fixture.store.buffersInUse()).isZero();
        }
    }

    private byte[] appendAndRead(DiskFixture fixture, UploadId each) throws IOException {
        fixture.store.admit(each, content.length);
        try (StagedAppend append = fixture.store.append(each, 0, -1)) {
            Bytes.append(append, content, 0, content.length);
            append.flush();
        }
        return Bytes.read(fixture.store, each, content.length);
    }

    @Test
    void flush_directWriteInProgress_waitsForIt() throws Exception {
        try (DiskFixture fixture = directWhen(0)) {
            CountDownLatch writing = new CountDownLatch(1);
            fixture.disk.breakWith(operation -> awaitWhen(operation.kind() == WRITE_DIRECT, writing));
            fixture.store.admit(id, 0);
            try (StagedAppend append = fixture.store.append(id, 0, -1)) {
                appendUntilOneWriteIsBehind(append);
                int received = (int) append.position();
                FutureTask<Long> flush = startAndAwaitItsWaiting(append::flush);
                assertThat(fixture.disk.count(SYNC)).isZero();
                writing.countDown();
                assertThat(flush.get()).isEqualTo(received);
                assertThat(Bytes.read(fixture.store, id, received)).isEqualTo(Arrays.copyOf(content, received));
            }
        }
    }

    @Test
    void append_directWriteOfTheBodyBeforeInProgress_waitsForItBeforeItCuts() throws Exception {
        try (DiskFixture fixture = directWhen(0)) {
            CountDownLatch writing = new CountDownLatch(1);
            fixture.disk.breakWith(operation -> awaitWhen(operation.kind() == WRITE_DIRECT, writing));
            fixture.store.admit(id, 0);
            try (StagedAppend first = fixture.store.append(id, 0, -1)) {
                appendUntilOneWriteIsBehind(first);
                FutureTask<StagedAppend> second = startAndAwaitItsWaiting(() -> fixture.store.append(id, 0, -1));
                writing.countDown();
                second.get().close();
                assertThat(fixture.file(id)).isEmptyFile();
            }
            assertThat(fixture.file(id)).isEmptyFile();
        }
    }

    /** On a platform thread, whose state can be seen: returns when it waits for somebody, which a finished one never does. */
    private static <T> FutureTask<T> startAndAwaitItsWaiting(Callable<T> work) {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = Thread.ofPlatform().daemon().start(task);
        Awaitility.await().until(() -> thread.getState() == Thread.State.WAITING);
        return task;
    }

    private void appendUntilOneWriteIsBehind(StagedAppend append) throws IOException {
        Bytes.append(append, content, 0, DiskFixture.DIRECT + 100);
    }

    private static void awaitWhen(boolean wanted, CountDownLatch latch) throws IOException {
        try {
            if (wanted && !latch.await(30, TimeUnit.SECONDS)) {
                throw new IOException("nobody let the write go on");
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    @Test
    void flush_nothingNew_doesNothing() throws IOException {
        try (DiskFixture fixture = DiskFixture.buffered()) {
            fixture.store.admit(id, 0);
            try (StagedAppend append = fixture.store.append(id, 0, -1)) {
                Bytes.append(append, content, 0, 100);
                assertThat(append.flush()).isEqualTo(100);
                fixture.disk.forget();
                assertThat(append.flush()).isEqualTo(100);
                assertThat(fixture.disk.operations()).isEmpty();
            }
        }
    }

    @Test
    void flush_endsWithASyncAfterTheLastWrite() throws IOException {
        try (DiskFixture fixture = directWhen(0)) {
            fixture.store.admit(id, 0);
            try (StagedAppend append = fixture.store.append(id, 0, -1)) {
                Bytes.append(append, content, 0, LARGE + 777);
                append.flush();
                assertThat(fixture.disk.operations().getLast().kind()).isEqualTo(SYNC);
            }
        }
    }

    @Test
    void flush_syncNone_writesWithoutSync() throws IOException {
        try (DiskFixture fixture = DiskFixture.with(DiskFixture.bufferedTuning(), SyncMode.NONE)) {
            assertThat(appendAndRead(fixture, id)).isEqualTo(content);
            assertThat(fixture.disk.count(SYNC)).isZero();
        }
    }

    @Test
    void file_isThereForTheWholeFileOnly() throws IOException {
        try (DiskFixture fixture = DiskFixture.buffered()) {
            appendAndRead(fixture, id);
            try (StagedContent whole = fixture.store.read(id, content.length);
                    StagedContent part = fixture.store.read(id, content.length - 1)) {
                assertThat(whole.file()).contains(fixture.file(id));
                assertThat(part.file()).isEmpty();
            }
        }
    }

    @Test
    void create_makesNoFile_andTheFirstFlushMakesItWithOneOfEach() throws IOException {
        try (DiskFixture fixture = DiskFixture.buffered()) {
            fixture.store.admit(id, 100);
            try (StagedAppend append = fixture.store.append(id, 0, 100)) {
                Bytes.append(append, content, 0, 100);
                assertThat(fixture.file(id)).doesNotExist();
                fixture.disk.forget();
                append.flush();
            }
            assertThat(fixture.disk.operations())
                    .extracting(FaultyDisk.Operation::kind)
                    .containsExactly(WRITE, SYNC);
            assertThat(fixture.file(id)).hasBinaryContent(Arrays.copyOf(content, 100));
        }
    }

    @Test
    void open_makesTheDirectories() throws IOException {
        try (DiskFixture fixture = DiskFixture.buffered()) {
            assertThat(fixture.root.resolve("00")).isEmptyDirectory();
            assertThat(fixture.root.resolve("ff")).isEmptyDirectory();
        }
    }

    @Test
    void append_manyFirstBodiesInOneDirectory_allAreThere() throws Exception {
        try (DiskFixture fixture = DiskFixture.buffered();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<UploadId>> creations = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                UploadId each = new UploadId("abcd" + UploadId.random().value().substring(4));
                creations.add(threads.submit(() -> {
                    appendAndRead(fixture, each);
                    return each;
                }));
            }
            for (Future<UploadId> creation : creations) {
                assertThat(fixture.file(creation.get())).hasBinaryContent(content);
            }
        }
    }

    @Test
    void append_directoryRemovedBehindOurBack_isMadeAgain() throws IOException {
        try (DiskFixture fixture = DiskFixture.buffered()) {
            Files.delete(fixture.file(id).getParent());
            assertThat(appendAndRead(fixture, id)).isEqualTo(content);
        }
    }

    /** Nothing of it may be recorded: the file would be below the mount point. */
    @Test
    void flush_volumeUnmountedSinceTheCreation_failsAndLeavesNoFile() throws IOException {
        try (DiskFixture fixture = DiskFixture.buffered()) {
            fixture.store.admit(id, 0);
            try (StagedAppend append = fixture.store.append(id, 0, -1)) {
                Bytes.append(append, content, 0, 10);
                Files.delete(fixture.root.resolve(MARK));
                assertThatThrownBy(append::flush).hasStackTraceContaining("is not at " + fixture.root);
            }
            assertThat(fixture.file(id)).doesNotExist();
        }
    }

    /** Earlier versions had files two directories deep. */
    @Test
    void fileOfAnEarlierVersion_isReadAppendedToAndDeleted() throws IOException {
        try (DiskFixture fixture = DiskFixture.buffered()) {
            Path former = formerFile(fixture, content.length / 2);
            assertThat(fixture.store.isLonger(id, 1_000)).isTrue();
            try (StagedAppend append = fixture.store.append(id, 1_000, -1)) {
                Bytes.append(append, content, 1_000, content.length);
                append.flush();
            }
            assertThat(Bytes.read(fixture.store, id, content.length)).isEqualTo(content);
            assertThat(fixture.file(id)).doesNotExist();
            fixture.store.delete(id);
            assertThat(former.getParent()).doesNotExist();
        }
    }

    @Test
    void filesOfAnEarlierVersion_areWalkedOver() throws IOException {
        try (DiskFixture fixture = DiskFixture.buffered()) {
            Path former = formerFile(fixture, 700);
            Files.writeString(former.resolveSibling("something else"), "not ours");
            Files.copy(former, fixture.root.resolve(id.value()));
            UploadId other = new UploadId(
                    id.value().substring(0, 2) + UploadId.random().value().substring(2));
            appendAndRead(fixture, other);
            StagedFiles files = fixture.store.files();
            List<UploadId> found = new ArrayList<>();
            files.walk(
                    1,
                    some -> found.addAll(
                            some.stream().map(StagedFiles.StagedFile::id).toList()));
            assertThat(found).containsExactlyInAnyOrder(id, other);
            assertThat(files.bytes(id)).hasValue(700);
        }
    }

    @Test
    void emptyDirectoriesOfAnEarlierVersion_goWhenTheStoreIsOpened() throws IOException {
        try (DiskFixture fixture = DiskFixture.buffered()) {
            Path former = formerFile(fixture, 1);
            Path empty = Files.createDirectories(fixture.root.resolve("00").resolve("ff"));
            fixture.storeWith(() -> Long.MAX_VALUE).close();
            assertThat(empty).doesNotExist();
            assertThat(former).exists();
        }
    }

    private Path formerFile(DiskFixture fixture, int bytes) throws IOException {
        Path directory = fixture.file(id).resolveSibling(id.value().substring(2, 4));
        Files.createDirectories(directory);
        return Files.write(directory.resolve(id.value()), Arrays.copyOf(content, bytes));
    }

    @Test
    void interruptedThread_writesAndReads_andStaysInterrupted() throws IOException {
        try (DiskFixture fixture = DiskFixture.buffered()) {
            Thread.currentThread().interrupt();
            byte[] read = appendAndRead(fixture, id);
            assertThat(Thread.interrupted()).isTrue();
            assertThat(read).isEqualTo(content);
        }
    }

    @Test
    void read_anotherReaderIsInterruptedInTheChannel_goesOn() throws Exception {
        try (DiskFixture fixture = DiskFixture.buffered();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            appendAndRead(fixture, id);
            AtomicBoolean closing = new AtomicBoolean(true);
            fixture.disk.breakWith(operation -> {
                if (operation.kind() == FaultyDisk.Kind.READ && closing.getAndSet(false)) {
                    Thread.currentThread().interrupt();
                }
            });
            try (StagedContent staged = fixture.store.read(id, content.length)) {
                Future<Integer> interrupted = threads.submit(() -> staged.read(ByteBuffer.allocate(10), 0));
                assertThatThrownBy(interrupted::get).hasCauseInstanceOf(ClosedByInterruptException.class);
                assertThat(Bytes.read(staged)).isEqualTo(content);
            }
        }
    }

    @Test
    void close_whileAWriteRuns_waitsForIt() throws Exception {
        try (DiskFixture fixture = directWhen(0)) {
            CountDownLatch writing = new CountDownLatch(1);
            fixture.disk.breakWith(operation -> awaitWhen(operation.kind() == WRITE_DIRECT, writing));
            fixture.store.admit(id, 0);
            StagedAppend append = fixture.store.append(id, 0, -1);
            appendUntilOneWriteIsBehind(append);
            FutureTask<Boolean> close = startAndAwaitItsWaiting(() -> {
                append.close();
                return true;
            });
            assertThat(fixture.store.buffersInUse()).isPositive();
            writing.countDown();
            close.get();
            assertThat(fixture.store.buffersInUse()).isZero();
        }
    }

    /** With direct I/O for bodies of {@code large} bytes and more. */
    /** Unmounted under the server: what is below the mount point then is no place for uploads. */
    @Test
    void volumeThatHasGone_holdsNothing_untilItIsBack() throws IOException {
        try (DiskFixture fixture = directWhen(LARGE)) {
            Path aside = unmount(fixture);
            assertThat(fixture.store.holds(fixture.store.volume())).isFalse();
            Files.move(aside, fixture.root.resolve(MARK));
            assertThat(fixture.store.holds(fixture.store.volume())).isTrue();
        }
    }

    @Test
    void volumeThatHasGone_takesNothing() throws IOException {
        try (DiskFixture fixture = directWhen(LARGE)) {
            Path aside = unmount(fixture);
            assertThatThrownBy(() -> fixture.store.admit(id, 0)).isInstanceOf(StagingAbsentException.class);
            Files.move(aside, fixture.root.resolve(MARK));
            assertThat(fixture.file(id)).doesNotExist();
        }
    }

    /** Another disk at the same place: its files are nobody's here, and ours are not to be staged on it. */
    @Test
    void anotherVolumeAtTheSamePlace_isNotOurs() throws IOException {
        try (DiskFixture fixture = directWhen(LARGE)) {
            assertThat(fixture.store.holds(fixture.store.volume())).isTrue();
            Path aside = unmount(fixture);
            fixture.nanoTime.addAndGet(MountedVolume.FRESH_NANOS);
            Files.writeString(fixture.root.resolve(MARK), "0".repeat(32) + "\n");
            assertThat(fixture.store.holds(fixture.store.volume())).isFalse();
            assertThatThrownBy(() -> fixture.store.admit(id, 0)).isInstanceOf(StagingAbsentException.class);
            assertThatThrownBy(() -> fixture.store.append(id, 0, -1)).isInstanceOf(StagingAbsentException.class);
            Files.move(aside, fixture.root.resolve(MARK), StandardCopyOption.REPLACE_EXISTING);
            assertThat(fixture.store.holds(fixture.store.volume())).isTrue();
        }
    }

    /** Restored from a backup: another file with the same id. */
    @Test
    void sameVolumeByAnotherFile_isOurs() throws IOException {
        try (DiskFixture fixture = directWhen(LARGE)) {
            assertThat(fixture.store.holds(fixture.store.volume())).isTrue();
            Path aside = unmount(fixture);
            Files.copy(aside, fixture.root.resolve(MARK));
            assertThat(fixture.store.holds(fixture.store.volume())).isTrue();
        }
    }

    @Test
    void lostVolume_holdsNothingAndTakesNothing() throws IOException {
        try (DiskFixture fixture = directWhen(LARGE)) {
            fixture.store.lose();
            assertThat(fixture.store.holds(fixture.store.volume())).isFalse();
            assertThatThrownBy(() -> fixture.store.admit(id, 0)).isInstanceOf(StagingAbsentException.class);
        }
    }

    /** Whoever reads it has an old row; a file that somebody else has removed is another matter. */
    @Test
    void read_afterItsDeletion_isNoDamage() throws IOException {
        try (DiskFixture fixture = directWhen(LARGE)) {
            UploadId lost = UploadId.random();
            appendAndRead(fixture, id);
            appendAndRead(fixture, lost);

            fixture.store.delete(id);
            Files.delete(fixture.file(lost));

            assertThatThrownBy(() -> fixture.store.read(id, 1))
                    .isInstanceOf(StagingDamagedException.class)
                    .hasMessageContaining("was removed");
            assertThatThrownBy(() -> fixture.store.read(lost, 1))
                    .isInstanceOf(StagingDamagedException.class)
                    .hasMessageContaining("is missing");
        }
    }

    /** Its files are not missing: nothing is damaged. */
    @Test
    void volumeThatHasGone_isNoDamage() throws IOException {
        try (DiskFixture fixture = directWhen(LARGE)) {
            assertThatThrownBy(() -> fixture.store.read(id, 1)).isInstanceOf(StagingDamagedException.class);
            Path aside = unmount(fixture);
            assertThatThrownBy(() -> fixture.store.read(id, 1)).isInstanceOf(StagingAbsentException.class);
            Files.delete(aside);
        }
    }

    private static Path unmount(DiskFixture fixture) throws IOException {
        return Files.move(fixture.root.resolve(MARK), fixture.root.resolve("aside"));
    }

    private static DiskFixture directWhen(long large) throws IOException {
        DiskFixture fixture = DiskFixture.with(DiskFixture.tuning(DiskFixture.DIRECT_BUFFERS, large), SyncMode.ACK);
        if (!fixture.store.isDirectPossible()) {
            fixture.close();
            assumeTrue(false, "the file system of target/ refuses direct I/O");
        }
        fixture.disk.forget();
        return fixture;
    }
}
