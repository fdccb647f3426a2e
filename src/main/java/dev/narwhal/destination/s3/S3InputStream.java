package dev.narwhal.destination.s3;

import java.io.FilterInputStream;
import java.io.IOException;
import software.amazon.awssdk.core.ResponseInputStream;

/**
 * A response body whose reader may close it early. Closing it early aborts the request and drops the connection. The SDK's own
 * stream would first read the rest of the object, to reuse the connection.
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
