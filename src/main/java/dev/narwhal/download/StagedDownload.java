package dev.narwhal.download;

import dev.narwhal.staging.StagedContent;
import dev.narwhal.upload.Upload;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

record StagedDownload(Upload upload, StagedContent content) implements Download {

    private static final int BUFFER = 128 << 10;

    @Override
    public long length() {
        return content.length();
    }

    @Override
    public void transfer(long position, long count, OutputStream target) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(BUFFER, Math.max(1, count)));
        long end = position + count;
        for (long at = position; at < end; ) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
            int read = content.read(buffer, at);
            if (read < 0) {
                throw new EOFException("The staged file ends at " + at + ", before " + end);
            }
            target.write(buffer.array(), 0, read);
            at += read;
        }
    }

    @Override
    public void close() {
        content.close();
    }
}
