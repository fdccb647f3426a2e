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
 * Whether and how the server writes files of one volume by direct I/O, past the page cache. Some file systems refuse to
 * open a file for direct I/O (an overlay, older tmpfs), others refuse only the first write. So the store tries a real
 * block when it opens.
 *
 * <p>A failure suspends direct I/O, but not for ever: a full disk, a file size limit or a bad sector may have caused
 * it. At most once a minute, when a body wants direct I/O, the block is tried again.
 */
final class DirectIo {

    private static final Logger log = LoggerFactory.getLogger(DirectIo.class);
    private static final String PROBE = ".direct";
    private static final long RETRY_AFTER = Duration.ofMinutes(1).toNanos();

    private final Path root;
    private final ChannelOpener opener;
    private final LongSupplier nanoTime;
    private final AtomicLong suspendedAt;
    private volatile boolean enabled;

    private DirectIo(Path root, ChannelOpener opener, LongSupplier nanoTime) {
        this.root = root;
        this.opener = opener;
        this.nanoTime = nanoTime;
        this.suspendedAt = new AtomicLong(nanoTime.getAsLong());
    }

    /**
     * Tries direct I/O in the directory {@code root}. Never fails; direct I/O may be disabled in the result.
     * @param nanoTime the clock for retries
     */
    static DirectIo probe(Path root, ChannelOpener opener, LongSupplier nanoTime) {
        DirectIo directIo = new DirectIo(root, opener, nanoTime);
        try {
            directIo.enabled = directIo.works();
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

    /** Whether the last attempt succeeded. */
    boolean isEnabled() {
        return enabled;
    }

    /** The first caller after the pause tries the block, for all bodies. */
    private boolean retry() {
        long since = suspendedAt.get();
        long now = nanoTime.getAsLong();
        if (now - since < RETRY_AFTER || !suspendedAt.compareAndSet(since, now)) {
            return false;
        }
        try {
            enabled = Uninterrupted.call(this::works);
        } catch (IOException | UnsupportedOperationException e) {
            log.debug("staging.no-direct-io directory={} {}", root, e.toString());
        }
        if (enabled) {
            log.info("staging.direct-again directory={} large uploads go past the page cache again", root);
        }
        return enabled;
    }

    /** A second handle of a staged file for direct writes; null when it cannot be opened now (too many open files). */
    @Nullable
    FileChannel open(Path file) {
        return open(file, StandardOpenOption.WRITE);
    }

    /** The same for direct reads. */
    @Nullable
    FileChannel openForReading(Path file) {
        return open(file, StandardOpenOption.READ);
    }

    private @Nullable FileChannel open(Path file, OpenOption access) {
        if (!enabled && !retry()) {
            return null;
        }
        try {
            return Uninterrupted.call(() -> opener.open(file, Set.of(access, ExtendedOpenOption.DIRECT)));
        } catch (IOException | UnsupportedOperationException e) {
            log.debug("staging.no-direct-io file={} {}", file, e.toString());
            return null;
        }
    }

    /** Suspends direct I/O for later bodies, after a direct write failed for a reason other than a full disk. */
    void suspend(Exception why) {
        if (enabled) {
            suspendedAt.set(nanoTime.getAsLong());
            enabled = false;
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
