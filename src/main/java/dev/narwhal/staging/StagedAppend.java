package dev.narwhal.staging;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One body that is being written into a staged file.
 *
 * <p>Two threads use it: the reader fills {@link #buffer()} from the socket, and any thread that holds the caller's
 * lock may call {@link #flush()}. Call {@link #buffer()}, {@link #received(int)} and {@link #flush()} under that lock;
 * fill the buffer without it. So a flush covers exactly the bytes that {@link #received(int)} has announced, even while
 * the reader is blocked in its next read.
 */
public interface StagedAppend extends Closeable {

    /**
     * Space for the next bytes, at least 1. The reader puts at most {@code remaining()} bytes at {@code position()},
     * then announces them by {@link #received(int)}. Until then each call returns the same space. May wait for a write
     * in progress.
     * @throws StagingFullException when only the reserve is free; all bytes received so far are kept
     * @throws IOException when an earlier write or sync failed; then nothing more can be appended
     */
    ByteBuffer buffer() throws IOException;

    /**
     * Announces that the next {@code bytes} bytes of the buffer belong to the body; does not move the buffer's
     * position.
     */
    void received(int bytes) throws IOException;

    /** The upload's offset after all announced bytes, durable or not. */
    long position();

    /**
     * Writes and syncs all announced bytes (with {@code narwhal.staging.sync=none}: only writes them).
     * @return the offset up to which the file is durable now: {@link #position()}
     * @throws IOException when a write or sync failed, now or earlier. A failed sync is never repeated: from then on
     *     every call fails, and only bytes flushed before count
     */
    long flush() throws IOException;

    /**
     * Starts to make durable what the file has received from this body, beside the reader. {@link #durable()} tells when
     * that is done. The bytes of a buffer that is not full are not included. Does nothing when no others are new, and
     * while an earlier sync in the background runs, which may cover fewer bytes.
     * @throws IOException when a write or sync failed earlier
     */
    void startSync() throws IOException;

    /**
     * The offset up to which the file is known to be durable: by {@link #flush()}, or by a sync in the background that
     * has ended. Never falls. After a write or sync of this body has failed it stays where it was, whatever other sync
     * succeeds, and the next call of any other method throws.
     */
    long durable();

    /**
     * Discards the whole body: truncates the file to the body's start, and refuses further appends and flushes. Only
     * for a body without a recorded byte. Called under the caller's lock; the reader may be filling its buffer. No-op
     * when a newer body has begun, or the upload is gone.
     * @throws IOException when the file could not be truncated; the next append truncates it
     */
    void discard() throws IOException;

    /**
     * Releases buffers and file handle, without flushing. Only the reader calls it, after its last read has returned:
     * until then the socket may still write into the buffer.
     */
    @Override
    void close();
}
