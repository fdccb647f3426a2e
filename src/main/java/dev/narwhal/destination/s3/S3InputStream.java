package dev.narwhal.destination.s3;

import java.io.FilterInputStream;
import java.io.IOException;
import software.amazon.awssdk.core.ResponseInputStream;

/**
 * A body whose reader may give up: closing it early drops the connection, where the SDK's own stream would first read the
 * rest to keep it, which for a large object is all of it.
 */
final class S3InputStream extends FilterInputStream {

    private final ResponseInputStream<?> body;
    private long left;

    S3InputStream(ResponseInputStream<?> body, long length) {
        super(body);
        this.body = body;
        this.left = length;
    }

    @Override
    public int read() throws IOException {
        int read = super.read();
        left -= read < 0 ? 0 : 1;
        return read;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int read = super.read(target, offset, length);
        left -= Math.max(0, read);
        return read;
    }

    @Override
    public long skip(long bytes) throws IOException {
        long skipped = super.skip(bytes);
        left -= skipped;
        return skipped;
    }

    @Override
    public void close() throws IOException {
        if (left > 0) {
            body.abort();
        } else {
            super.close();
        }
    }
}
