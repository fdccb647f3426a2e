package dev.narwhal.destination.azure;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Iterator;
import java.util.stream.Stream;
import reactor.core.publisher.Flux;

/**
 * Converts the SDK's reactive stream to an input stream. It buffers only a few kilobytes ahead of the reader. Closing it early
 * drops the connection. One thread at a time.
 */
final class FluxInputStream extends InputStream {

    private final Stream<ByteBuffer> chunks;
    private final Iterator<ByteBuffer> next;
    private ByteBuffer chunk = ByteBuffer.allocate(0);

    FluxInputStream(Flux<ByteBuffer> bytes) {
        this.chunks = bytes.toStream(1);
        this.next = chunks.iterator();
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
        try {
            while (!chunk.hasRemaining()) {
                if (!next.hasNext()) {
                    return -1;
                }
                chunk = next.next();
            }
        } catch (RuntimeException e) {
            throw new IOException(AzureFailures.of(e).getMessage(), e);
        }
        int count = Math.min(length, chunk.remaining());
        chunk.get(target, offset, count);
        return count;
    }

    @Override
    public int available() {
        return chunk.remaining();
    }

    @Override
    public void close() {
        chunks.close();
    }
}
