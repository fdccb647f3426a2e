package dev.narwhal.staging;

import dev.narwhal.upload.UploadId;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;

/** A disk store on a directory of its own below {@code target}, where a real file system is, not on a tmpfs. */
final class DiskFixture implements AutoCloseable {

    static final int SMALL = 1 << 9;
    static final int MEDIUM = 1 << 13;
    static final int DIRECT = 1 << 15;
    static final int DIRECT_BUFFERS = 4;
    static final long RESERVE = 1 << 20;

    final Path root;
    final FaultyDisk disk = new FaultyDisk();
    /** Free bytes of the file system, as the store is told. */
    final AtomicLong usable = new AtomicLong(1L << 40);
    /** The store's clock. */
    final AtomicLong nanoTime = new AtomicLong();

    final SpaceBudget space = new SpaceBudget(usable::get, RESERVE, nanoTime::get);
    final DiskStagingStore store;

    private DiskFixture(StagingTuning tuning, SyncMode sync, FaultyDisk.Fault fault) throws IOException {
        Path target = Files.createDirectories(Path.of("target", "staging-tests"));
        this.root = Files.createTempDirectory(target.toAbsolutePath(), "volume-");
        disk.breakWith(fault);
        this.store = new DiskStagingStore(root, sync, space, withClock(tuning, nanoTime), disk, disk::requireAlive);
    }

    /** No body ever goes direct. */
    static DiskFixture buffered() throws IOException {
        return new DiskFixture(bufferedTuning(), SyncMode.ACK, FaultyDisk.NONE);
    }

    /** Each body goes direct as soon as it has come to a block boundary. */
    static DiskFixture direct() throws IOException {
        return new DiskFixture(directTuning(), SyncMode.ACK, FaultyDisk.NONE);
    }

    static DiskFixture with(StagingTuning tuning, SyncMode sync) throws IOException {
        return new DiskFixture(tuning, sync, FaultyDisk.NONE);
    }

    static DiskFixture with(StagingTuning tuning, FaultyDisk.Fault fault) throws IOException {
        return new DiskFixture(tuning, SyncMode.ACK, fault);
    }

    static StagingTuning bufferedTuning() {
        return tuning(0, Long.MAX_VALUE);
    }

    static StagingTuning directTuning() {
        return tuning(DIRECT_BUFFERS, 0);
    }

    /** Goes direct when {@code large} bytes have come, or are still to come, faster than a MEDIUM in a millisecond. */
    static StagingTuning tuning(int directBuffers, long large) {
        return new StagingTuning(
                SMALL,
                MEDIUM,
                DIRECT,
                16,
                directBuffers,
                500_000_000L,
                large == 0 ? 1 : MEDIUM,
                1_000_000L,
                large,
                large,
                3 * MEDIUM,
                () -> 0);
    }

    private static StagingTuning withClock(StagingTuning tuning, AtomicLong nanoTime) {
        return new StagingTuning(
                tuning.smallBuffer(),
                tuning.mediumBuffer(),
                tuning.directBuffer(),
                tuning.mediumBuffers(),
                tuning.directBuffers(),
                tuning.tooSlowNanos(),
                tuning.fastWindow(),
                tuning.fastNanos(),
                tuning.largeRemaining(),
                tuning.largeReceived(),
                tuning.syncEvery(),
                nanoTime::get);
    }

    /** Another store on the same directory, to be used alone, that is told other free bytes. */
    DiskStagingStore storeWith(SpaceBudget.FreeSpace freeSpace) throws IOException {
        SpaceBudget told = new SpaceBudget(freeSpace, RESERVE, nanoTime::get);
        return new DiskStagingStore(root, SyncMode.ACK, told, bufferedTuning(), disk, disk::requireAlive);
    }

    Path file(UploadId id) {
        String name = id.value();
        return root.resolve(name.substring(0, 2)).resolve(name);
    }

    void truncate(UploadId id, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file(id), StandardOpenOption.WRITE)) {
            channel.truncate(size);
        }
    }

    @Override
    public void close() throws IOException {
        store.close();
        try (var files = Files.walk(root)) {
            for (Path path : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
