package dev.narwhal.staging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.narwhal.upload.UploadId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The contract, past the page cache wherever a whole block allows it. */
class DirectStagingTest extends StagingStoreContract {

    private DiskFixture fixture;

    @BeforeEach
    void open() throws IOException {
        fixture = DiskFixture.direct();
        assumeTrue(fixture.store.isDirectPossible(), "the file system of target/ refuses direct I/O");
        fixture.disk.forget();
    }

    @AfterEach
    void close() throws IOException {
        assertThat(fixture.store.buffersInUse()).isZero();
        fixture.close();
    }

    @Override
    StagingStore store() {
        return fixture.store;
    }

    @Override
    void truncate(UploadId id, long size) throws IOException {
        fixture.truncate(id, size);
    }

    private void stage(UploadId id, byte[] content) throws IOException {
        store().admit(id, content.length);
        try (StagedAppend append = store().append(id, 0, -1)) {
            Bytes.append(append, content, 0, content.length);
            append.flush();
        }
    }

    @Test
    void append_largeBody_writesWholeBlocksDirectAndTheRestThroughTheCache() throws IOException {
        UploadId id = UploadId.random();
        int length = 10 * DiskFixture.DIRECT + 1234;
        byte[] content = Bytes.random(length, 30);
        stage(id, content);
        long direct = fixture.disk.operations().stream()
                .filter(operation -> operation.kind() == FaultyDisk.Kind.WRITE_DIRECT)
                .peek(operation -> assertThat(operation.position() % StagingTuning.ALIGNMENT)
                        .isZero())
                .peek(operation ->
                        assertThat(operation.bytes() % StagingTuning.ALIGNMENT).isZero())
                .mapToLong(FaultyDisk.Operation::bytes)
                .sum();
        assertThat(direct).isGreaterThan(9 * DiskFixture.DIRECT);
        assertThat(Bytes.read(store(), id, length)).isEqualTo(content);
        assertThat(fixture.file(id)).hasSize(length);
    }

    @Test
    void readOnce_readsWholeBlocksDirect() throws IOException {
        UploadId id = UploadId.random();
        byte[] content = Bytes.random(3 * DiskFixture.DIRECT + 100, 37);
        stage(id, content);
        fixture.disk.forget();
        try (StagedContent staged = store().readOnce(id, content.length)) {
            assertThat(Bytes.read(staged)).isEqualTo(content);
        }
        assertThat(fixture.disk.count(FaultyDisk.Kind.READ)).isZero();
        assertThat(fixture.disk.count(FaultyDisk.Kind.READ_DIRECT)).isEqualTo(4);
    }

    @Test
    void readOnce_directReadFails_goesOnThroughTheCache() throws IOException {
        UploadId id = UploadId.random();
        byte[] content = Bytes.random(3 * DiskFixture.DIRECT + 100, 38);
        stage(id, content);
        fixture.disk.breakWith(FaultyDisk.failing(FaultyDisk.Kind.READ_DIRECT, "Invalid argument"));
        try (StagedContent staged = store().readOnce(id, content.length)) {
            assertThat(Bytes.read(staged)).isEqualTo(content);
        }
        fixture.disk.breakWith(FaultyDisk.NONE);
    }

    @Test
    void read_intoAlignedMemory_goesPastTheCache_elseThroughIt() throws IOException {
        UploadId id = UploadId.random();
        byte[] content = Bytes.random(3 * DiskFixture.DIRECT + 100, 40);
        stage(id, content);
        fixture.disk.forget();
        ByteBuffer memory = ByteBuffer.allocateDirect(2 * DiskFixture.DIRECT + StagingTuning.ALIGNMENT)
                .alignedSlice(StagingTuning.ALIGNMENT);
        try (StagedContent staged = store().read(id, content.length)) {
            assertThat(staged.read(memory.clear().limit(DiskFixture.DIRECT), StagingTuning.ALIGNMENT))
                    .isEqualTo(DiskFixture.DIRECT);
            assertThat(fixture.disk.count(FaultyDisk.Kind.READ)).isZero();
            assertThat(fixture.disk.count(FaultyDisk.Kind.READ_DIRECT)).isOne();
            for (int odd : new int[] {1, StagingTuning.ALIGNMENT}) {
                // Neither a part of a block, nor something small, nor what begins within a block.
                staged.read(memory.clear().limit(DiskFixture.DIRECT + odd).position(odd), 1);
                staged.read(memory.clear().limit(odd), 0);
            }
            assertThat(fixture.disk.count(FaultyDisk.Kind.READ)).isEqualTo(4);
            assertThat(fixture.disk.count(FaultyDisk.Kind.READ_DIRECT)).isOne();
        }
    }

    @Test
    void read_directReadHasFailed_goesOnThroughTheCacheAndTriesNoOther() throws IOException {
        UploadId id = UploadId.random();
        byte[] content = Bytes.random(3 * DiskFixture.DIRECT, 41);
        stage(id, content);
        fixture.disk.breakWith(FaultyDisk.failing(FaultyDisk.Kind.READ_DIRECT, "Invalid argument"));
        ByteBuffer memory = ByteBuffer.allocateDirect(2 * DiskFixture.DIRECT)
                .alignedSlice(StagingTuning.ALIGNMENT)
                .limit(DiskFixture.DIRECT);
        try (StagedContent staged = store().read(id, content.length)) {
            for (int block = 0; block < 3; block++) {
                memory.clear().limit(DiskFixture.DIRECT);
                assertThat(staged.read(memory, (long) block * DiskFixture.DIRECT))
                        .isEqualTo(DiskFixture.DIRECT);
                byte[] found = new byte[DiskFixture.DIRECT];
                memory.get(0, found);
                assertThat(found)
                        .isEqualTo(Arrays.copyOfRange(
                                content, block * DiskFixture.DIRECT, (block + 1) * DiskFixture.DIRECT));
                fixture.disk.breakWith(FaultyDisk.NONE);
            }
            assertThat(fixture.disk.count(FaultyDisk.Kind.READ_DIRECT)).isZero();
        }
    }

    @Test
    void flush_inTheMiddleOfABlock_isWrittenOverDirectLater_andTheFileIsNeverLonger() throws IOException {
        UploadId id = UploadId.random();
        int block = StagingTuning.ALIGNMENT;
        int flushed = 2 * DiskFixture.DIRECT + 5 * block + 100;
        byte[] content = Bytes.random(6 * DiskFixture.DIRECT, 31);
        store().admit(id, content.length);
        try (StagedAppend append = store().append(id, 0, -1)) {
            Bytes.append(append, content, 0, flushed);
            append.flush();
            assertThat(fixture.file(id)).hasSize(flushed);
            assertThat(fixture.disk.operations())
                    .contains(new FaultyDisk.Operation(FaultyDisk.Kind.WRITE, flushed - 100, 100));
            fixture.disk.forget();
            Bytes.append(append, content, flushed, 3 * DiskFixture.DIRECT);
            append.flush();
            assertThat(fixture.disk.operations())
                    .contains(new FaultyDisk.Operation(
                            FaultyDisk.Kind.WRITE_DIRECT, flushed - 100, DiskFixture.DIRECT - 5 * block))
                    .noneMatch(operation -> operation.kind() == FaultyDisk.Kind.WRITE);
            assertThat(fixture.file(id)).hasSize(3 * DiskFixture.DIRECT);
        }
        assertThat(Bytes.read(store(), id, 3 * DiskFixture.DIRECT))
                .isEqualTo(Arrays.copyOf(content, 3 * DiskFixture.DIRECT));
    }
}
