package dev.narwhal.staging;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One body on its way into a staged file.
 *
 * <p>Two parties use it: the reader, which fills {@link #buffer()} from the socket, and whoever holds the caller's lock
 * and asks for {@link #flush()}. {@link #buffer()}, {@link #received(int)} and {@link #flush()} are called under that one
 * lock; filling the buffer is not. So a flush sees exactly the bytes that {@link #received(int)} has announced, while the
 * reader may be blocked in the middle of the next ones.
 */
public interface StagedAppend extends Closeable {

    /**
     * Room for the next bytes, at least 1: the reader puts them from {@code position()} on, at most {@code remaining()},
     * then announces them by {@link #received(int)}. The same room is given again until bytes are announced. May wait for
     * a write in progress.
     *
     * @throws StagingFullException when the reserve is all that is free; everything received so far is kept
     * @throws IOException when an earlier write or sync failed; nothing more can be appended
     */
    ByteBuffer buffer() throws IOException;

    /** The next {@code bytes} bytes of the room last given are part of the body now; does not move the buffer itself. */
    void received(int bytes) throws IOException;

    /** The upload's offset after all bytes announced so far, durable or not. */
    long position();

    /**
     * Writes and syncs everything announced so far (with {@code narwhal.staging.sync=none}: writes it).
     *
     * @return the offset up to which the file is durable now: {@link #position()}
     * @throws IOException when a write or sync failed, now or earlier: a failed sync is never repeated as if it had not
     *     happened, so from then on every call fails and only what was flushed before counts
     */
    long flush() throws IOException;

    /**
     * Takes the whole body back: the file ends again where the body began, and nothing more can be appended or flushed. For
     * a body of which no row knows a byte yet. Called under the caller's lock; the reader may be filling its room. No-op
     * when another body has begun, or the upload is gone.
     *
     * @throws IOException when the file could not be cut; the next append cuts it
     */
    void discard() throws IOException;

    /**
     * Gives buffers and file handle back, without flushing. Only the reader calls it, after its last read has returned:
     * until then the socket may still write into the buffer.
     */
    @Override
    void close();
}
