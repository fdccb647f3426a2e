package dev.narwhal.staging;

import dev.narwhal.disk.Journal;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
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
    private final FileChannel cached;
    private final SpaceBudget space;
    private final DirectIo directIo;
    private final boolean synced;
    private final Journal journal;
    private @Nullable FileChannel direct;

    AppendFile(Path path, FileChannel cached, SpaceBudget space, DirectIo directIo, SyncMode sync, Journal journal) {
        this.path = path;
        this.cached = cached;
        this.space = space;
        this.directIo = directIo;
        this.synced = sync == SyncMode.ACK;
        this.journal = journal;
    }

    /** False when direct I/O is not available, now or on this volume. */
    boolean isDirectPossible() {
        if (direct == null) {
            direct = directIo.open(path);
        }
        return direct != null && directIo.isEnabled();
    }

    /** Whether a {@link #sync()} does anything. */
    boolean isSynced() {
        return synced;
    }

    /** Writes all received bytes that are not written yet. */
    void write(Segment segment) throws IOException {
        int end = segment.filled();
        int whole = segment.isDirect() ? end - end % StagingTuning.ALIGNMENT : 0;
        if (whole > segment.written()) {
            writeDirect(segment.unwritten(whole), segment.unwrittenAt());
            segment.markWritten(whole);
        }
        if (end > segment.written()) {
            writeFully(cached, segment.unwritten(end), segment.unwrittenAt());
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
        Uninterrupted.run(() -> {
            long at = position;
            while (bytes.hasRemaining()) {
                at += channel.write(bytes, at);
            }
        });
    }

    /** Makes all written bytes durable, and the file's length. The directory entry is durable since the creation. */
    void sync() throws IOException {
        if (synced) {
            Uninterrupted.sync(() -> {
                cached.force(false);
                journal.requireAlive();
            });
        }
    }

    /** No write or sync may be running. */
    void truncate(long size) throws IOException {
        Uninterrupted.run(() -> cached.truncate(size));
    }

    /** No write or sync may be running. Idempotent. */
    @Override
    public void close() {
        closeQuietly(cached);
        if (direct != null) {
            closeQuietly(direct);
        }
    }

    private void closeQuietly(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            // Acknowledged bytes have been synced before.
            log.debug("staging.close-failed file={} {}", path, e.toString());
        }
    }
}
