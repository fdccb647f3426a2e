package dev.narwhal.destination;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** A range of the content as a stream, for an SDK: nothing of it is held but what the reader asks for. */
final class PartInputStream extends InputStream {

    private final ContentSource content;
    private final long end;
    private long position;

    PartInputStream(ContentSource content, long position, long length) {
        this.content = content;
        this.position = position;
        this.end = position + length;
    }

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
        int wanted = (int) Math.min(length, end - position);
        int read = content.read(ByteBuffer.wrap(target, offset, wanted), position);
        if (read < 0) {
            throw new EOFException("The content ends at " + position + " instead of " + content.length());
        }
        position += read;
        return read;
    }

    @Override
    public int available() {
        return (int) Math.min(Integer.MAX_VALUE, end - position);
    }
}
