package dev.narwhal.staging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narwhal.upload.UploadId;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The reserve stays free. */
@Timeout(60)
class StagingSpaceTest {

    private static final long RESERVE = DiskFixture.RESERVE;

    private final UploadId id = UploadId.random();
    private final byte[] content = Bytes.random(200_000, 50);

    @Test
    void create_largerThanWhatIsFreeAboveTheReserve_isRefusedAndLeavesNothing() throws IOException {
        try (DiskFixture fixture = DiskFixture.buffered()) {
            fixture.usable.set(RESERVE + 1_000);
            assertThatThrownBy(() -> fixture.store.admit(id, 1_001))
                    .isInstanceOf(StagingFullException.class)
                    .hasMessageContaining("narwhal.staging.reserve");
            assertThat(fixture.file(id)).doesNotExist();
            assertThatCode(() -> fixture.store.admit(id, 1_000)).doesNotThrowAnyException();
        }
    }

    @Test
    void create_nothingFreeAboveTheReserve_isRefusedWhateverItsLength() throws IOException {
        try (DiskFixture fixture = DiskFixture.buffered()) {
            fixture.usable.set(RESERVE);
            assertThatThrownBy(() -> fixture.store.admit(id, 0)).isInstanceOf(StagingFullException.class);
            fixture.usable.set(0);
            assertThatThrownBy(() -> fixture.store.admit(id, 0)).isInstanceOf(StagingFullException.class);
        }
    }

    @Test
    void append_nothingFreeAboveTheReserve_isRefused() throws IOException {
        try (DiskFixture fixture = DiskFixture.buffered()) {
            fixture.store.admit(id, 0);
            fixture.usable.set(RESERVE);
            fixture.nanoTime.addAndGet(SpaceBudget.REFRESH_AFTER_NANOS);
            assertThatThrownBy(() -> fixture.store.append(id, 0, -1)).isInstanceOf(StagingFullException.class);
        }
    }

    @Test
    void append_whatIsCutOffFilledTheDisk_isAdmitted() throws IOException {
        try (DiskFixture fixture = DiskFixture.buffered()) {
            fixture.store.admit(id, 0);
            try (StagedAppend append = fixture.store.append(id, 0, -1)) {
                Bytes.append(append, content, 0, content.length);
                append.flush();
            }
            SpaceBudget.FreeSpace whatTheFileLeaves =
                    () -> RESERVE + content.length - fixture.file(id).toFile().length();
            try (DiskStagingStore full = fixture.storeWith(whatTheFileLeaves)) {
                full.append(id, 0, -1).close();
            }
            assertThat(fixture.file(id)).isEmptyFile();
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void buffer_diskFillsUp_stopsTheBodyKeepsItsBytesAndGoesOnLater(boolean direct) throws IOException {
        try (DiskFixture fixture = direct ? DiskFixture.direct() : DiskFixture.buffered()) {
            fixture.usable.set(RESERVE + 100_000);
            chargeWrites(fixture);
            fixture.store.admit(id, 0);
            AtomicInteger received = new AtomicInteger();
            try (StagedAppend append = fixture.store.append(id, 0, -1)) {
                assertThatThrownBy(() -> appendCounting(append, received)).isInstanceOf(StagingFullException.class);
                assertThat(append.flush()).isEqualTo(received.get()).isPositive();
                assertThat(fixture.usable.get()).isGreaterThanOrEqualTo(RESERVE);
                assertThatThrownBy(append::buffer).isInstanceOf(StagingFullException.class);
                fixture.usable.set(RESERVE + 10_000_000);
                appendCounting(append, received);
                append.flush();
            }
            assertThat(Bytes.read(fixture.store, id, content.length)).isEqualTo(content);
        }
    }

    private void appendCounting(StagedAppend append, AtomicInteger received) throws IOException {
        while (received.get() < content.length) {
            received.addAndGet(Bytes.fill(append, content, received.get(), content.length - received.get()));
        }
    }

    private static void chargeWrites(DiskFixture fixture) {
        fixture.disk.breakWith(operation -> fixture.usable.addAndGet(-operation.bytes()));
    }

    @Test
    void buffer_manyBodiesAtOnce_neverTouchTheReserve() throws Exception {
        try (DiskFixture fixture = DiskFixture.buffered();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            fixture.usable.set(RESERVE + 3_000_000);
            chargeWrites(fixture);
            List<Future<Long>> bodies = new ArrayList<>();
            for (int i = 0; i < 32; i++) {
                bodies.add(threads.submit(() -> appendUntilFull(fixture)));
            }
            long kept = 0;
            for (Future<Long> body : bodies) {
                kept += body.get();
            }
            assertThat(fixture.usable.get()).isGreaterThanOrEqualTo(RESERVE);
            assertThat(kept)
                    .isEqualTo(RESERVE + 3_000_000 - fixture.usable.get())
                    .isGreaterThan(2_000_000);
        }
    }

    private long appendUntilFull(DiskFixture fixture) throws IOException {
        UploadId each = UploadId.random();
        try {
            fixture.store.admit(each, 0);
            return appendAsMuchAsFits(fixture.store.append(each, 0, -1));
        } catch (StagingFullException e) {
            return 0;
        }
    }

    private long appendAsMuchAsFits(StagedAppend append) throws IOException {
        try (append) {
            try {
                Bytes.append(append, content, 0, content.length);
            } catch (StagingFullException e) {
                assertThat(append.position()).isLessThan(content.length);
            }
            return append.flush();
        }
    }

    @Test
    void promise_betweenTwoLooks_doesNotAskTheFileSystem() throws IOException {
        AtomicInteger looks = new AtomicInteger();
        AtomicLong now = new AtomicLong();
        SpaceBudget budget = new SpaceBudget(
                () -> {
                    looks.incrementAndGet();
                    return 1L << 40;
                },
                RESERVE,
                now::get);
        for (int i = 0; i < 100; i++) {
            budget.acquire(65_536);
            budget.release(65_536);
        }
        assertThat(looks).hasValue(1);
        now.addAndGet(SpaceBudget.REFRESH_AFTER_NANOS);
        budget.acquire(1);
        assertThat(looks).hasValue(2);
        budget.acquire(SpaceBudget.REFRESH_AFTER_BYTES + 1);
        assertThat(looks).hasValue(3);
    }

    @Test
    void promise_notWrittenYet_countsAsUsed() throws IOException {
        SpaceBudget budget = new SpaceBudget(() -> RESERVE + 100, RESERVE, () -> 0L);
        budget.acquire(60);
        assertThatThrownBy(() -> budget.admit(41)).isInstanceOf(StagingFullException.class);
        budget.admit(40);
        assertThatThrownBy(() -> budget.acquire(41)).isInstanceOf(StagingFullException.class);
        budget.acquire(40);
        budget.release(60);
        budget.acquire(60);
        assertThatThrownBy(() -> budget.admit(1)).isInstanceOf(StagingFullException.class);
    }

    @Test
    void contents_ofAStoppedBody_areItsFirstBytes() throws IOException {
        try (DiskFixture fixture = DiskFixture.buffered()) {
            fixture.usable.set(RESERVE + 50_000);
            chargeWrites(fixture);
            fixture.store.admit(id, 0);
            AtomicInteger received = new AtomicInteger();
            try (StagedAppend append = fixture.store.append(id, 0, -1)) {
                assertThatThrownBy(() -> appendCounting(append, received)).isInstanceOf(StagingFullException.class);
                append.flush();
            }
            assertThat(Bytes.read(fixture.store, id, received.get())).isEqualTo(Arrays.copyOf(content, received.get()));
        }
    }

    /** The file system may hang: one of many bodies asks it, the others take from what that one has seen. */
    @Test
    void promise_byManyAtOnce_looksOnce() throws Exception {
        int bodies = 8;
        AtomicInteger looks = new AtomicInteger();
        CountDownLatch disk = new CountDownLatch(1);
        SpaceBudget space = new SpaceBudget(
                () -> {
                    looks.incrementAndGet();
                    await(disk);
                    return 1L << 40;
                },
                RESERVE,
                () -> 0);
        List<FutureTask<Boolean>> promises = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < bodies; i++) {
            FutureTask<Boolean> promise = new FutureTask<>(() -> {
                space.acquire(1);
                return true;
            });
            promises.add(promise);
            threads.add(Thread.ofPlatform().daemon().start(promise));
        }
        Awaitility.await().until(() -> threads.stream().allMatch(thread -> thread.getState() == Thread.State.WAITING));
        disk.countDown();
        for (FutureTask<Boolean> promise : promises) {
            assertThat(promise.get()).isTrue();
        }
        assertThat(looks).hasValue(1);
    }

    @Test
    void admit_byManyWhileTheDiskHangs_leavesACarrierFree() throws Exception {
        int callers = Runtime.getRuntime().availableProcessors() + 3;
        CountDownLatch asking = new CountDownLatch(callers);
        CountDownLatch disk = new CountDownLatch(1);
        AtomicInteger onCarriers = new AtomicInteger();
        SpaceBudget space = new SpaceBudget(
                () -> {
                    onCarriers.addAndGet(Thread.currentThread().isVirtual() ? 1 : 0);
                    asking.countDown();
                    await(disk);
                    return 1L << 40;
                },
                RESERVE,
                System::nanoTime);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < callers; i++) {
                threads.submit(() -> {
                    space.admit(1);
                    return true;
                });
            }
            asking.await();
            disk.countDown();
        }
        assertThat(onCarriers).hasValueLessThan(Runtime.getRuntime().availableProcessors());
    }

    private static void await(CountDownLatch disk) throws IOException {
        try {
            disk.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }
}
