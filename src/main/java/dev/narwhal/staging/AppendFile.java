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
 * The staged file as one body writes it: through the page cache, and, once the body is found large and fast, with a second
 * handle past it. The kernel keeps the two coherent: a direct write first writes back and then drops what the cache holds
 * of the same stretch.
 *
 * <p>Direct writes cover whole blocks of bytes that have been received, so the file is never longer than that. A last block
 * that is not full yet goes through the cache when a flush wants it, and is written again, direct and whole, when it is
 * full: over the bytes that are there already the second write lays the same ones, so whatever of it a crash leaves behind,
 * the flushed bytes read the same.
 */
final class AppendFile implements Closeable {

    private static final Logger log = LoggerFactory.getLogger(AppendFile.class);

    private final Path path;
    private final FileChannel cached;
    private final SpaceGuard space;
    private final DirectIo directIo;
    private final boolean synced;
    private final Journal journal;
    private @Nullable FileChannel direct;

    AppendFile(Path path, FileChannel cached, SpaceGuard space, DirectIo directIo, SyncMode sync, Journal journal) {
        this.path = path;
        this.cached = cached;
        this.space = space;
        this.directIo = directIo;
        this.synced = sync == SyncMode.ACK;
        this.journal = journal;
    }

    /** False when direct I/O cannot be had, now or here. */
    boolean isDirectPossible() {
        if (direct == null) {
            direct = directIo.open(path);
        }
        return direct != null && directIo.isTrusted();
    }

    /** Whether a {@link #sync()} does anything. */
    boolean isSynced() {
        return synced;
    }

    /** Writes everything received that is not written yet. */
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
            // A full disk, or a file as large as the file system has them, says nothing of direct I/O.
            if (!space.isOutOfSpace(e) && !SpaceGuard.isTooLargeAFile(e)) {
                directIo.doubt(e);
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

    /** Makes everything written so far durable, the file's length with it; the directory entry was when it was made. */
    void sync() throws IOException {
        if (synced) {
            Uninterrupted.sync(() -> {
                cached.force(false);
                journal.requireAlive();
            });
        }
    }

    /** No write or sync may be running. */
    void cut(long size) throws IOException {
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
            // Whatever matters has been synced before, or is not acknowledged.
            log.debug("staging.close-failed file={} {}", path, e.toString());
        }
    }
}
