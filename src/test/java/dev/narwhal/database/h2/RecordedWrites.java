package dev.narwhal.database.h2;

import dev.narwhal.testkit.ForwardingFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;
import org.jspecify.annotations.Nullable;

/** A file system of H2's, above {@code atomic:}, that writes down what H2 does. Public, because H2 makes its instances. */
public final class RecordedWrites extends FilePathWrapper {

    static final String SCHEME = "recorded";

    private static final List<Call> CALLS = new CopyOnWriteArrayList<>();

    enum Kind {
        LOCK,
        WRITE,
        TRUNCATE,
        SYNC,
        CLOSE
    }

    /** @param at the position, or the new size */
    record Call(Kind kind, long at, int length) {}

    static void register() {
        FilePath.register(new RecordedWrites());
    }

    /** Since the last time this was asked. */
    static List<Call> taken() {
        List<Call> calls = List.copyOf(CALLS);
        CALLS.clear();
        return calls;
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        return new File(getBase().open(mode));
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    private static final class File extends ForwardingFile {

        File(FileChannel real) {
            super(real);
        }

        @Override
        public @Nullable FileLock tryLock(long position, long size, boolean shared) throws IOException {
            CALLS.add(new Call(Kind.LOCK, position, 0));
            return super.tryLock(position, size, shared);
        }

        @Override
        public int write(ByteBuffer source, long position) throws IOException {
            CALLS.add(new Call(Kind.WRITE, position, source.remaining()));
            return super.write(source, position);
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
            CALLS.add(new Call(Kind.TRUNCATE, size, 0));
            return super.truncate(size);
        }

        @Override
        public void force(boolean metaData) throws IOException {
            CALLS.add(new Call(Kind.SYNC, 0, 0));
            super.force(metaData);
        }

        @Override
        protected void implCloseChannel() throws IOException {
            CALLS.add(new Call(Kind.CLOSE, 0, 0));
            super.implCloseChannel();
        }
    }
}
