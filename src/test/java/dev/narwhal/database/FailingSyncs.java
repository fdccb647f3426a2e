package dev.narwhal.database;

import dev.narwhal.testkit.ForwardingFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.concurrent.atomic.AtomicInteger;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/** A file system of H2's, below {@code atomic:}, whose next syncs fail. Public, because H2 makes its instances. */
public final class FailingSyncs extends FilePathWrapper {

    static final String SCHEME = "failing";

    private static final AtomicInteger FAILURES = new AtomicInteger();

    static void register() {
        FilePath.register(new FailingSyncs());
    }

    static void fail(int syncs) {
        FAILURES.set(syncs);
    }

    static int left() {
        return FAILURES.get();
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
        public void force(boolean metaData) throws IOException {
            if (FAILURES.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new IOException("Input/output error");
            }
            super.force(metaData);
        }
    }
}
