package dev.narwhal.destination.parts;

import dev.narwhal.destination.ContentSource;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A range of the content as a stream, for an SDK. Closing it leaves the content open. */
public final class PartInputStream extends RangeInputStream {

    private final ContentSource content;

    public PartInputStream(ContentSource content, long position, long length) {
        super(position, length);
        this.content = content;
    }

    @Override
    public int readAt(ByteBuffer target, long position) throws IOException {
        int read = content.read(target, position);
        if (read < 0) {
            throw new EOFException("The content ends at " + position + " instead of " + content.length());
        }
        return read;
    }
}
