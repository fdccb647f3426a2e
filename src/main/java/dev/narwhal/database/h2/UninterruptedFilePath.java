package dev.narwhal.database.h2;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/**
 * H2's file system for files that stay open when a thread is interrupted while it reads or writes: {@code uninterrupted:} before
 * the name of the file. H2's own for this, {@code async:}, hands each read and each write to another thread. Public, with a
 * constructor, because H2 creates the instances.
 */
public final class UninterruptedFilePath extends FilePathWrapper {

    /** Registers the file system with H2 in this process. May be called more than once. */
    public static void register() {
        FilePath.register(new UninterruptedFilePath());
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        return new UninterruptedFile(Path.of(unwrap().toString()), mode);
    }

    @Override
    public String getScheme() {
        return "uninterrupted";
    }
}
