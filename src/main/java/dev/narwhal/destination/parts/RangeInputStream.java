package dev.narwhal.destination.parts;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** A stream over a range of a source that is read by position. It buffers nothing. */
public abstract class RangeInputStream extends InputStream {

    private final long end;
    private long position;

    protected RangeInputStream(long position, long length) {
        this.position = position;
        this.end = position + length;
    }

    /**
     * Reads at most {@code target.remaining()} bytes.
     *
     * @return bytes read, at least 1; -1 at the end of the source
     */
    protected abstract int readAt(ByteBuffer target, long position) throws IOException;

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (position == end) {
            return -1;
        }
        int read = readAt(ByteBuffer.wrap(target, offset, (int) Math.min(length, end - position)), position);
        position += Math.max(0, read);
        return read;
    }

    @Override
    public int available() {
        return (int) Math.min(Integer.MAX_VALUE, end - position);
    }
}
