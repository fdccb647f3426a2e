package dev.narwhal.download;

import dev.narwhal.upload.Upload;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;

/** A complete file, opened for reading. Used by one thread. */
public interface Download extends Closeable {

    /** The row; its length is set and its state complete. */
    Upload upload();

    /** The file's length in bytes. */
    default long length() {
        return Objects.requireNonNull(upload().length(), "A complete upload has a length");
    }

    /**
     * Writes {@code count} bytes from {@code position} on to {@code target}; memory does not grow with {@code count}.
     * @throws IOException when reading or writing fails; part of the bytes may have been written
     */
    void transfer(long position, long count, OutputStream target) throws IOException;

    /** True when the bytes are those of one open file, which {@link #sendNow} can send. */
    default boolean isFile() {
        return false;
    }

    /**
     * Lets the kernel send bytes from {@code position} on, as many as the connection takes now, and at most {@code count}.
     *
     * @param connection a socket that does not block
     * @return bytes sent; 0 when the connection takes none now, or the file ends at {@code position}
     * @throws IOException when reading or writing fails
     */
    default long sendNow(long position, long count, WritableByteChannel connection) throws IOException {
        throw new UnsupportedOperationException("No file");
    }

    @Override
    void close();
}
