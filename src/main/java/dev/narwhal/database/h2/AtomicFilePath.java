package dev.narwhal.database.h2;

import dev.narwhal.disk.Journal;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;

/**
 * H2's file system for files that a crash cannot leave half written: {@code atomic:} before the name of the file, see {@link
 * AtomicFile}. The log lies beside the file. Public, with a constructor, because H2 creates the instances.
 */
public final class AtomicFilePath extends FilePathWrapper {

    static final String SCHEME = "atomic";

    static final String LOG = ".redo";
    private static final String READ_ONLY = "r";

    /** Registers the file system with H2 in this process. May be called more than once. */
    public static void register() {
        FilePath.register(new AtomicFilePath());
    }

    /** Whether the log beside that file is not empty. */
    public static boolean hasLog(Path file) {
        return logOf(file).toFile().length() > 0;
    }

    /** The path of that file's log. */
    public static Path logOf(Path file) {
        return file.resolveSibling(file.getFileName() + LOG);
    }

    @Override
    public FileChannel open(String mode) throws IOException {
        FileChannel file = getBase().open(mode);
        if (mode.equals(READ_ONLY)) {
            return file;
        }
        try {
            FileChannel log = FilePath.get(getBase() + LOG).open(mode);
            return new AtomicFile(file, new RedoLog(log, getBase().unwrap().toString(), journal()));
        } catch (IOException e) {
            file.close();
            throw e;
        }
    }

    private Journal journal() {
        Path directory = Path.of(getBase().unwrap().toString()).toAbsolutePath().getParent();
        return directory == null ? Journal.NONE : Journal.of(directory);
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }
}
