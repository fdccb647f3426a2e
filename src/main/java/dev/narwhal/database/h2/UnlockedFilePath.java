package dev.narwhal.database.h2;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import org.h2.store.fs.FileBaseDefault;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/**
 * H2's file system for files that are read as they are and without a lock: {@code unlocked:} before the name of the file. A
 * server may have the file open, or open it meanwhile. Public, with a constructor, because H2 creates the instances.
 */
public final class UnlockedFilePath extends FilePathWrapper {

    private static final String SCHEME = "unlocked";

    /** Registers the file system with H2 in this process. May be called more than once. */
    public static void register() {
        FilePath.register(new UnlockedFilePath());
    }

    @Override
    public boolean canWrite() {
        return false;
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        return new File(getBase().open("r"));
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    private static final class File extends FileBaseDefault {

        private final FileChannel real;

        File(FileChannel real) {
            this.real = real;
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) {
            return new NoLock(this);
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            return real.read(target, position);
        }

        @Override
        public long size() throws IOException {
            return real.size();
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            throw new IOException("Opened for reading only");
        }

        @Override
        protected void implTruncate(long size) throws IOException {
            throw new IOException("Opened for reading only");
        }

        @Override
        protected void implCloseChannel() throws IOException {
            real.close();
        }
    }

    /** H2 asks for a lock, and refuses to go on without one. */
    private static final class NoLock extends FileLock {

        NoLock(FileChannel file) {
            super(file, 0, Long.MAX_VALUE, true);
        }

        @Override
        public boolean isValid() {
            return true;
        }

        @Override
        public void release() {
            // No lock was taken.
        }
    }
}
