package dev.narwhal.staging;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether and how files of one volume are written past the page cache. File systems differ: some refuse to open a file so
 * (an overlay, older tmpfs), some only the first write, so it is tried once with a real block when the store opens.
 */
final class DirectIo {

    private static final Logger log = LoggerFactory.getLogger(DirectIo.class);
    private static final String PROBE = ".direct";

    private final ChannelOpener opener;
    private volatile boolean trusted;

    private DirectIo(ChannelOpener opener, boolean trusted) {
        this.opener = opener;
        this.trusted = trusted;
    }

    /** Tries it in the directory {@code root}; never fails, the answer may be "not here". */
    static DirectIo probe(Path root, ChannelOpener opener) {
        Path file = root.resolve(PROBE);
        try {
            Files.deleteIfExists(file);
            Files.createFile(file);
            boolean works = writesBlock(file, opener, Files.getFileStore(root).getBlockSize());
            return new DirectIo(opener, works);
        } catch (IOException | UnsupportedOperationException e) {
            log.info(
                    "staging.no-direct-io directory={} large uploads go through the page cache: {}",
                    root,
                    e.toString());
            return new DirectIo(opener, false);
        } finally {
            deleteQuietly(file);
        }
    }

    private static boolean writesBlock(Path file, ChannelOpener opener, long fileSystemBlock) throws IOException {
        if (StagingTuning.ALIGNMENT % fileSystemBlock != 0) {
            throw new IOException("blocks of " + fileSystemBlock + " bytes");
        }
        ByteBuffer block = ByteBuffer.allocateDirect(2 * StagingTuning.ALIGNMENT - 1)
                .alignedSlice(StagingTuning.ALIGNMENT)
                .limit(StagingTuning.ALIGNMENT);
        try (FileChannel channel = opener.open(file, options())) {
            return channel.write(block, 0) == StagingTuning.ALIGNMENT;
        }
    }

    private static Set<OpenOption> options() {
        return Set.of(StandardOpenOption.WRITE, ExtendedOpenOption.DIRECT);
    }

    boolean isTrusted() {
        return trusted;
    }

    /** A second handle of a staged file; null when it cannot be had now (too many open files): it goes without. */
    @Nullable
    FileChannel open(Path file) {
        return open(file, StandardOpenOption.WRITE);
    }

    /** The same for reading. */
    @Nullable
    FileChannel openForReading(Path file) {
        return open(file, StandardOpenOption.READ);
    }

    private @Nullable FileChannel open(Path file, OpenOption access) {
        if (!trusted) {
            return null;
        }
        try {
            return Uninterrupted.call(() -> opener.open(file, Set.of(access, ExtendedOpenOption.DIRECT)));
        } catch (IOException | UnsupportedOperationException e) {
            log.debug("staging.no-direct-io file={} {}", file, e.toString());
            return null;
        }
    }

    /** A direct write has failed: the bodies to come are better off without, until the next start. */
    void distrust(Exception why) {
        if (trusted) {
            trusted = false;
            log.warn("staging.direct-write-failed from now on uploads go through the page cache: {}", why.toString());
        }
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            log.debug("staging.probe-left file={} {}", file, e.toString());
        }
    }
}
