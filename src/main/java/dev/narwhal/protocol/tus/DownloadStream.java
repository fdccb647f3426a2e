package dev.narwhal.protocol.tus;

import dev.narwhal.download.Download;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;

/** A finished upload as a stream, for extensions that read its bytes from the engine's storage. */
final class DownloadStream extends InputStream {

    private static final int STEP = 64 << 10;

    private final Download download;
    private long position;

    DownloadStream(Download download) {
        this.download = download;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int count = (int) Math.min(Math.min(length, STEP), download.length() - position);
        if (length > 0 && count == 0) {
            return -1;
        }
        ByteArrayOutputStream step = new ByteArrayOutputStream(count);
        download.transfer(position, count, step);
        System.arraycopy(step.toByteArray(), 0, target, offset, count);
        position += count;
        return count;
    }

    @Override
    public void close() {
        download.close();
    }
}
