package dev.narwhal.download;

import dev.narwhal.disk.DiskCalls;
import dev.narwhal.upload.Upload;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;

/**
 * A delivered file of this machine. It stays readable when its name is removed meanwhile.
 *
 * @param file closed with this
 */
record FileDownload(Upload upload, FileChannel file) implements Download {

    private static final int BUFFER = 128 << 10;

    @Override
    public void transfer(long position, long count, OutputStream target) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(BUFFER, Math.max(1, count)));
        long end = position + count;
        for (long at = position; at < end; ) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
            long from = at;
            int read = DiskCalls.call(() -> file.read(buffer, from));
            if (read < 0) {
                throw new EOFException("The delivered file ends at " + at + ", before " + end);
            }
            target.write(buffer.array(), 0, read);
            at += read;
        }
    }

    @Override
    public boolean isFile() {
        return true;
    }

    @Override
    public long sendNow(long position, long count, WritableByteChannel connection) throws IOException {
        return DiskCalls.call(() -> file.transferTo(position, count, connection));
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
