package dev.narwhal.download;

import dev.narwhal.destination.Destination;
import dev.narwhal.upload.Upload;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

record DeliveredDownload(Upload upload, Destination destination, String key) implements Download {

    private static final int BUFFER = 128 << 10;

    @Override
    public void transfer(long position, long count, OutputStream target) throws IOException {
        if (count == 0) {
            return;
        }
        byte[] buffer = new byte[(int) Math.min(BUFFER, count)];
        try (InputStream in = destination.read(key, position, count)) {
            for (long left = count; left > 0; ) {
                int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                if (read < 0) {
                    throw new EOFException("The delivered object ends " + left + " bytes early");
                }
                target.write(buffer, 0, read);
                left -= read;
            }
        }
    }

    @Override
    public void close() {
        // Each transfer opens and closes the object itself.
    }
}
