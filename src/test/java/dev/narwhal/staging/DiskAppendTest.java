package dev.narwhal.staging;

import static dev.narwhal.staging.FaultyDisk.Kind.JOURNAL;
import static dev.narwhal.staging.FaultyDisk.Kind.SYNC;
import static dev.narwhal.staging.FaultyDisk.Kind.WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.narwhal.upload.UploadId;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The work in the background of one new body, which begins when the test says so. */
@Timeout(value = 30, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class DiskAppendTest {

    /** The ends of full buffers; fewer than start a sync by themselves. */
    private static final int SOME = DiskFixture.SMALL + DiskFixture.MEDIUM;

    private static final int MORE = SOME + DiskFixture.MEDIUM;

    private final UploadId id = UploadId.random();
    private final byte[] content = Bytes.random(8 * DiskFixture.MEDIUM, 41);
    private final ThreadsByHand threads = new ThreadsByHand();
    private DiskFixture fixture;
    private SegmentSource segments;
    private DiskAppend append;

    @BeforeEach
    void begin() throws IOException {
        fixture = DiskFixture.buffered();
        StagingTuning tuning = DiskFixture.bufferedTuning();
        segments = new SegmentSource(tuning, fixture.space);
        String volume = StagingVolume.idOf(fixture.root);
        MountedVolume mounted = new MountedVolume(fixture.root, volume, fixture.nanoTime::get);
        StagingTree tree = StagingTree.open(fixture.root, fixture.disk, SyncMode.ACK, mounted);
        DirectIo directIo = DirectIo.probe(fixture.root, fixture.disk, fixture.nanoTime::get);
        AppendFile file = new AppendFile(
                tree.file(id), null, tree.entry(id), fixture.space, directIo, SyncMode.ACK, fixture.disk::requireAlive);
        AppendResources resources = new AppendResources(segments, fixture.space, tuning, threads);
        append = new DiskAppend(id, 0, -1, false, file, resources, closed -> {});
        fixture.disk.forget();
    }

    @AfterEach
    void end() throws IOException {
        fixture.close();
    }

    /** Of two syncs that began before the entry was durable, one that fails would remove what the other has made durable. */
    @Test
    void startSync_whileOneRuns_startsNoOther() throws IOException {
        Bytes.append(append, content, 0, SOME);
        append.startSync();
        append.startSync();
        AtomicInteger asked = new AtomicInteger();
        fixture.disk.breakWith(operation -> {
            if (operation.kind() == JOURNAL && asked.incrementAndGet() > 1) {
                throw new IOException("Input/output error");
            } else if (operation.kind() == JOURNAL) {
                threads.work();
            }
        });
        threads.work();

        assertThat(append.durable()).isEqualTo(SOME);
        assertThat(Files.readAllBytes(fixture.file(id))).isEqualTo(Arrays.copyOf(content, SOME));
        assertThat(asked).hasValue(1);
        append.close();
    }

    @Test
    void startSync_whileFullBuffersAreSynced_startsNoOther() throws IOException {
        int many = 4 * DiskFixture.MEDIUM;
        Bytes.append(append, content, 0, many);
        append.startSync();
        threads.work();
        assertThat(fixture.disk.count(SYNC)).isEqualTo(1);
        long durable = append.durable();
        assertThat(durable).isGreaterThanOrEqualTo(3 * DiskFixture.MEDIUM);

        Bytes.append(append, content, many, many + 2 * DiskFixture.MEDIUM);
        append.startSync();
        threads.work();
        assertThat(fixture.disk.count(SYNC)).as("after the first").isEqualTo(2);
        assertThat(append.durable()).isGreaterThan(durable);
        append.close();
    }

    @Test
    void durable_syncsOfDifferentEnds_neverFalls() throws IOException {
        Bytes.append(append, content, 0, SOME);
        append.startSync();
        Bytes.append(append, content, SOME, MORE);
        append.startSync();
        AtomicLong seen = new AtomicLong();
        fixture.disk.breakWith(operation -> {
            if (operation.kind() == JOURNAL) {
                threads.work();
                seen.accumulateAndGet(append.durable(), Math::max);
            }
        });
        threads.work();

        assertThat(append.durable()).isGreaterThanOrEqualTo(Math.max(SOME, seen.get()));
        append.close();
    }

    @Test
    void durable_syncEndsWellAfterAFailedWrite_stays() throws IOException {
        Bytes.append(append, content, 0, SOME);
        append.startSync();
        threads.work();
        assertThat(append.durable()).isEqualTo(SOME);

        Bytes.append(append, content, SOME, MORE);
        append.startSync();
        fixture.disk.breakWith(FaultyDisk.failing(WRITE, "Input/output error"));
        assertThatThrownBy(() -> Bytes.append(append, content, MORE, MORE + DiskFixture.MEDIUM))
                .hasStackTraceContaining("Input/output error");
        threads.work();

        assertThat(fixture.disk.count(SYNC)).isEqualTo(2);
        assertThat(append.durable()).isEqualTo(SOME);
        append.close();
    }

    /** The first write creates the file: a sync beside the reader must not do it at the same time. */
    @Test
    void startSync_nothingWritten_doesNothing() throws IOException {
        Bytes.append(append, content, 0, 100);
        append.startSync();
        threads.work();

        assertThat(fixture.file(id)).doesNotExist();
        assertThat(fixture.disk.count(SYNC)).isZero();
        assertThat(append.flush()).isEqualTo(100);
        append.close();
    }

    @Test
    void startSync_noThreadCanBeHad_endsTheBodyAndItsCloseReturns() throws IOException {
        Bytes.append(append, content, 0, SOME);
        threads.refuse();

        assertThatThrownBy(append::startSync).isInstanceOf(IOException.class).hasStackTraceContaining("native thread");
        endsWithNothingDurable();
    }

    @Test
    void startSync_noSecondThreadCanBeHad_endsTheBodyAndItsCloseReturns() throws IOException {
        Bytes.append(append, content, 0, SOME);
        append.startSync();
        threads.refuse();
        threads.work();

        endsWithNothingDurable();
    }

    private void endsWithNothingDurable() {
        assertThatThrownBy(append::flush).isInstanceOf(IOException.class).hasStackTraceContaining("native thread");
        assertThat(append.durable()).isZero();
        append.supersede();
        append.close();
        assertThat(segments.lent()).isZero();
    }

    /** Its buffer is back in the pool: a flush would write the bytes of another body. */
    @Test
    void flush_afterAWriteThatGotNoThread_writesNothing() throws IOException {
        fixture.disk.breakWith(operation -> {
            if (operation.kind() == WRITE) {
                throw ThreadsByHand.none();
            }
        });
        assertThatThrownBy(() -> Bytes.append(append, content, 0, SOME)).hasStackTraceContaining("native thread");
        fixture.disk.breakWith(FaultyDisk.NONE);

        assertThatThrownBy(append::flush).isInstanceOf(IOException.class).hasStackTraceContaining("native thread");
        assertThat(fixture.disk.count(WRITE)).isZero();
        append.close();
        assertThat(segments.lent()).isZero();
    }
}
