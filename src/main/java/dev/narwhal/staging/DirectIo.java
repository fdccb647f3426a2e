package dev.narwhal.staging;

import com.sun.nio.file.ExtendedOpenOption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether and how files of one volume are written past the page cache. File systems differ: some refuse to open a file so
 * (an overlay, older tmpfs), some only the first write, so it is tried with a real block when the store opens.
 *
 * <p>No answer is for ever. What refuses a write may be a full disk, a limit of one file, or a bad sector, and it goes by
 * itself: at most once a minute, when a body wants direct I/O, the block is tried again.
 */
final class DirectIo {

    private static final Logger log = LoggerFactory.getLogger(DirectIo.class);
    private static final String PROBE = ".direct";
    private static final long TRIED_AGAIN_AFTER = Duration.ofMinutes(1).toNanos();

    private final Path root;
    private final ChannelOpener opener;
    private final LongSupplier nanoTime;
    private final AtomicLong doubtedAt;
    private volatile boolean trusted;

    private DirectIo(Path root, ChannelOpener opener, LongSupplier nanoTime) {
        this.root = root;
        this.opener = opener;
        this.nanoTime = nanoTime;
        this.doubtedAt = new AtomicLong(nanoTime.getAsLong());
    }

    /**
     * Tries it in the directory {@code root}; never fails, the answer may be "not here".
     *
     * @param nanoTime the clock by which it is tried again
     */
    static DirectIo probe(Path root, ChannelOpener opener, LongSupplier nanoTime) {
        DirectIo directIo = new DirectIo(root, opener, nanoTime);
        try {
            directIo.trusted = directIo.works();
        } catch (IOException | UnsupportedOperationException e) {
            log.info(
                    "staging.no-direct-io directory={} large uploads go through the page cache: {}",
                    root,
                    e.toString());
        }
        return directIo;
    }

    private boolean works() throws IOException {
        Path file = root.resolve(PROBE);
        try {
            Files.deleteIfExists(file);
            Files.createFile(file);
            return writesBlock(file, opener, Files.getFileStore(root).getBlockSize());
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

    /** As far as is known. */
    boolean isTrusted() {
        return trusted;
    }

    /** Whoever comes first after the time tries it, for all. */
    private boolean isTrustedAgain() {
        long since = doubtedAt.get();
        long now = nanoTime.getAsLong();
        if (now - since < TRIED_AGAIN_AFTER || !doubtedAt.compareAndSet(since, now)) {
            return false;
        }
        try {
            trusted = Uninterrupted.call(this::works);
        } catch (IOException | UnsupportedOperationException e) {
            log.debug("staging.no-direct-io directory={} {}", root, e.toString());
        }
        if (trusted) {
            log.info("staging.direct-again directory={} large uploads go past the page cache again", root);
        }
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
        if (!trusted && !isTrustedAgain()) {
            return null;
        }
        try {
            return Uninterrupted.call(() -> opener.open(file, Set.of(access, ExtendedOpenOption.DIRECT)));
        } catch (IOException | UnsupportedOperationException e) {
            log.debug("staging.no-direct-io file={} {}", file, e.toString());
            return null;
        }
    }

    /** A direct write has failed, and not for want of room: the bodies to come are better off without, until it is tried again. */
    void doubt(Exception why) {
        if (trusted) {
            doubtedAt.set(nanoTime.getAsLong());
            trusted = false;
            log.warn(
                    "staging.direct-write-failed uploads go through the page cache until it works again: {}",
                    why.toString());
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
