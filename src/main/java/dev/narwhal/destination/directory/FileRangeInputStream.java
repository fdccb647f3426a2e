package dev.narwhal.destination.directory;

import dev.narwhal.destination.parts.RangeInputStream;
import dev.narwhal.disk.DiskCalls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A range of an open file. It ends early only if the file does. Closing the stream closes the file. */
final class FileRangeInputStream extends RangeInputStream {

    private final FileChannel file;

    FileRangeInputStream(FileChannel file, long position, long length) {
        super(position, length);
        this.file = file;
    }

    @Override
    protected int readAt(ByteBuffer target, long position) throws IOException {
        return DiskCalls.call(() -> file.read(target, position));
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
