package dev.narwhal.download;

import dev.narwhal.staging.StagedContent;
import dev.narwhal.staging.StagingDamagedException;
import dev.narwhal.upload.Upload;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** @param fallback finds the file if its staged bytes are removed during a read */
record StagedDownload(Upload upload, StagedContent content, Fallback fallback) implements Download {

    private static final int BUFFER = 128 << 10;

    /** Opens the file again, at its new place. */
    @FunctionalInterface
    interface Fallback {

        /** @throws StagingDamagedException {@code gone}, when the file is nowhere else */
        Download reopen(StagingDamagedException gone) throws IOException;
    }

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
            int read;
            try {
                read = content.read(buffer, at);
            } catch (StagingDamagedException e) {
                continueFrom(e, at, end - at, target);
                return;
            }
            if (read < 0) {
                throw new EOFException("The staged file ends at " + at + ", before " + end);
            }
            target.write(buffer.array(), 0, read);
            at += read;
        }
    }

    /** The bytes are the same, because a complete file never changes. */
    private void continueFrom(StagingDamagedException gone, long position, long count, OutputStream target)
            throws IOException {
        try (Download rest = fallback.reopen(gone)) {
            rest.transfer(position, count, target);
        }
    }

    @Override
    public void close() {
        content.close();
    }
}
