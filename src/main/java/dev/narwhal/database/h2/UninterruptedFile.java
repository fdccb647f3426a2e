package dev.narwhal.database.h2;

import java.io.Closeable;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.locks.ReentrantLock;
import org.h2.store.fs.FileBaseDefault;

/**
 * A file that an interrupt does not close, unlike a {@link java.nio.channels.FileChannel}. The calling thread does the work itself.
 * Safe for any number of threads.
 */
final class UninterruptedFile extends FileBaseDefault {

    private static final String READ_ONLY = "r";

    private final Path path;
    private final RandomAccessFile file;
    /** Only to sync: {@link RandomAccessFile} cannot sync the bytes without the times, which costs another write. */
    private final AsynchronousFileChannel syncs;
    /** The file has one position for all threads. */
    private final ReentrantLock lock = new ReentrantLock();

    UninterruptedFile(Path path, String mode) throws IOException {
        this.path = path;
        this.file = new RandomAccessFile(path.toFile(), mode);
        this.syncs = opened(file, path, mode.equals(READ_ONLY) ? StandardOpenOption.READ : StandardOpenOption.WRITE);
    }

    private static AsynchronousFileChannel opened(Closeable first, Path path, StandardOpenOption option)
            throws IOException {
        try {
            return AsynchronousFileChannel.open(path, option);
        } catch (IOException e) {
            first.close();
            throw e;
        }
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
        lock.lock();
        try {
            file.seek(position);
            if (target.hasArray()) {
                int read = file.read(target.array(), target.arrayOffset() + target.position(), target.remaining());
                target.position(target.position() + Math.max(0, read));
                return read;
            }
            byte[] bytes = new byte[target.remaining()];
            int read = file.read(bytes);
            target.put(bytes, 0, Math.max(0, read));
            return read;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public int write(ByteBuffer source, long position) throws IOException {
        int length = source.remaining();
        lock.lock();
        try {
            file.seek(position);
            if (source.hasArray()) {
                file.write(source.array(), source.arrayOffset() + source.position(), length);
                source.position(source.limit());
            } else {
                byte[] bytes = new byte[length];
                source.get(bytes);
                file.write(bytes);
            }
            return length;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long size() throws IOException {
        return file.length();
    }

    @Override
    protected void implTruncate(long size) throws IOException {
        lock.lock();
        try {
            if (size < file.length()) {
                file.setLength(size);
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void force(boolean metaData) throws IOException {
        syncs.force(metaData);
    }

    /** On the descriptor that reads and writes: where locks are mandatory, another one could not write any more. */
    @Override
    public FileLock tryLock(long position, long size, boolean shared) throws IOException {
        return file.getChannel().tryLock(position, size, shared);
    }

    @Override
    protected void implCloseChannel() throws IOException {
        try (syncs) {
            file.close();
        }
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
