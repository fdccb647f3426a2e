package dev.narwhal.database.h2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Reads and writes all that was asked for, where a channel may do a part of it. */
final class FileBytes {

    private FileBytes() {}

    /** Returns false when the file ends before {@code target} is full; then it has what there is. */
    static boolean read(FileChannel file, ByteBuffer target, long position) throws IOException {
        long at = position;
        while (target.hasRemaining()) {
            int read = file.read(target, at);
            if (read < 0) {
                return false;
            }
            at += read;
        }
        return true;
    }

    static void write(FileChannel file, ByteBuffer bytes, long position) throws IOException {
        long at = position;
        while (bytes.hasRemaining()) {
            at += file.write(bytes, at);
        }
    }
}
