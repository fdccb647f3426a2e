package dev.narwhal.staging;

import dev.narwhal.disk.Journal;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The staged file of one body. The body writes through the page cache and, once it proves large and fast, with a second
 * handle by direct I/O. The kernel keeps the two coherent: a direct write first writes back and then drops the cached
 * pages of the same range.
 *
 * <p>Direct writes cover whole received blocks, so the file is never longer than the received bytes. A flush writes an
 * incomplete last block through the page cache. When the block is full it is written again with direct I/O. The second
 * write repeats the flushed bytes, so a crash in the middle of it cannot change them.
 */
final class AppendFile implements Closeable {

    private static final Logger log = LoggerFactory.getLogger(AppendFile.class);

    private final Path path;
    private final SpaceBudget space;
    private final DirectIo directIo;
    private final boolean synced;
    private final Journal journal;

    /**
     * The entry, until one sync has succeeded. From then on a row may record the file's bytes, and no failure removes
     * the file.
     */
    private StagingTree.@Nullable NewEntry entry;

    /** Null before the first write to a new file, which creates it. */
    private @Nullable FileChannel cached;

    private @Nullable FileChannel direct;

    /**
     * @param cached the open file; null for one that the first write creates
     * @param entry its entry, if that may not be durable yet; not null when {@code cached} is null
     */
    AppendFile(
            Path path,
            @Nullable FileChannel cached,
            StagingTree.@Nullable NewEntry entry,
            SpaceBudget space,
            DirectIo directIo,
            SyncMode sync,
            Journal journal) {
        this.path = path;
        this.cached = cached;
        this.entry = entry;
        this.space = space;
        this.directIo = directIo;
        this.synced = sync == SyncMode.ACK;
        this.journal = journal;
    }

    /** False when direct I/O is not available, now or on this volume. */
    boolean isDirectPossible() throws IOException {
        if (direct == null) {
            Uninterrupted.run(this::open);
            direct = directIo.open(path);
        }
        return direct != null && directIo.isEnabled();
    }

    /** Whether a {@link #sync()} does anything. */
    boolean isSynced() {
        return synced;
    }

    private FileChannel open() throws IOException {
        FileChannel opened = cached;
        if (opened == null) {
            opened = Objects.requireNonNull(entry, "A file that is not open is new")
                    .create();
            cached = opened;
        }
        return opened;
    }

    /** Writes all received bytes that are not written yet. */
    void write(Segment segment) throws IOException {
        Uninterrupted.run(() -> put(segment));
    }

    /** The same, then {@link #sync()}, as one piece of work: handing it to another thread costs as much as a small write. */
    void writeAndSync(@Nullable Segment segment) throws IOException {
        Uninterrupted.sync(() -> {
            if (segment != null) {
                put(segment);
            }
            makeDurable();
        });
    }

    private void put(Segment segment) throws IOException {
        int end = segment.filled();
        int whole = segment.isDirect() ? end - end % StagingTuning.ALIGNMENT : 0;
        if (whole > segment.written()) {
            writeDirect(segment.unwritten(whole), segment.unwrittenAt());
            segment.markWritten(whole);
        }
        if (end > segment.written()) {
            writeFully(open(), segment.unwritten(end), segment.unwrittenAt());
        }
        if (!segment.isDirect()) {
            segment.markWritten(end);
        }
    }

    private void writeDirect(ByteBuffer blocks, long position) throws IOException {
        FileChannel channel = direct;
        if (channel == null) {
            throw new IllegalStateException("A direct segment without a direct handle: " + path);
        }
        try {
            writeFully(channel, blocks, position);
        } catch (IOException e) {
            // A full disk, or a file of the largest possible size, is no failure of direct I/O.
            if (!space.isOutOfSpace(e) && !SpaceBudget.isTooLargeAFile(e)) {
                directIo.suspend(e);
            }
            throw e;
        }
    }

    private static void writeFully(FileChannel channel, ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += channel.write(bytes, at);
        }
    }

    /** Makes all written bytes durable, the file's length, and its directory entry. One sync at a time. */
    void sync() throws IOException {
        Uninterrupted.sync(this::makeDurable);
    }

    private void makeDurable() throws IOException {
        if (!synced) {
            return;
        }
        open().force(false);
        if (entry == null) {
            journal.requireAlive();
        } else {
            makeDurable(entry);
            entry = null;
        }
    }

    private void makeDurable(StagingTree.NewEntry created) throws IOException {
        try {
            created.sync();
            journal.requireAlive();
        } catch (IOException e) {
            created.discard(e);
            throw e;
        }
    }

    /** No write or sync may be running. */
    void truncate(long size) throws IOException {
        FileChannel opened = cached;
        if (opened != null) {
            Uninterrupted.run(() -> opened.truncate(size));
        }
    }

    /** No write or sync may be running. Idempotent. */
    @Override
    public void close() {
        closeQuietly(cached);
        closeQuietly(direct);
    }

    private void closeQuietly(@Nullable FileChannel channel) {
        if (channel == null) {
            return;
        }
        try {
            channel.close();
        } catch (IOException e) {
            // Acknowledged bytes have been synced before.
            log.debug("staging.close-failed file={} {}", path, e.toString());
        }
    }
}
