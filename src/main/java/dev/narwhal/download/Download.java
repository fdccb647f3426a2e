package dev.narwhal.download;

import dev.narwhal.upload.Upload;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;

/** A complete file, opened for reading. Used by one thread. */
public interface Download extends Closeable {

    /** The row; its length is set and its state complete. */
    Upload upload();

    /** The file's length in bytes. */
    long length();

    /**
     * Writes {@code count} bytes from {@code position} on to {@code target}; memory does not grow with {@code count}.
     * @throws IOException when reading or writing fails; part of the bytes may have been written
     */
    void transfer(long position, long count, OutputStream target) throws IOException;

    @Override
    void close();
}
