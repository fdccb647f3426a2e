package dev.narwhal.staging;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A second handle of a staged file, for direct reads of large ranges. Bytes from direct writes are not in the page
 * cache; reading them through the cache costs several times as much, and evicts other data. The kernel writes cached
 * pages of a range back before a direct read. After one failed read no further one is tried.
 */
final class DirectReads implements Closeable {

    private static final Logger log = LoggerFactory.getLogger(DirectReads.class);

    /** The smallest range for a direct read, in bytes. */
    static final int LEAST = 4 * StagingTuning.ALIGNMENT;

    private final Path path;
    private final DirectIo directIo;
    private final ReentrantLock handle = new ReentrantLock();
    private @Nullable FileChannel channel;
    private volatile boolean refused;

    DirectReads(Path path, DirectIo directIo) {
        this.path = path;
        this.directIo = directIo;
    }

    /**
     * Reads until the target is full or the file ends.
     * @return bytes read; 0 when this range has to be read through the cache
     */
    int read(ByteBuffer target, long position) {
        if (refused || !isAligned(target, position)) {
            return 0;
        }
        FileChannel direct = opened();
        if (direct == null) {
            return 0;
        }
        int before = target.position();
        try {
            return Math.max(0, Uninterrupted.call(() -> direct.read(target, position)));
        } catch (IOException e) {
            refused = true;
            target.position(before);
            log.debug("staging.direct-read-failed on through the page cache: {}", e.toString());
            return 0;
        }
    }

    private static boolean isAligned(ByteBuffer target, long position) {
        return target.isDirect()
                && target.remaining() >= LEAST
                && target.remaining() % StagingTuning.ALIGNMENT == 0
                && position % StagingTuning.ALIGNMENT == 0
                && target.alignmentOffset(target.position(), StagingTuning.ALIGNMENT) == 0;
    }

    private @Nullable FileChannel opened() {
        handle.lock();
        try {
            if (channel == null && !refused) {
                channel = directIo.openForReading(path);
                refused = channel == null;
            }
            return channel;
        } finally {
            handle.unlock();
        }
    }

    /** No read may be running. Idempotent. */
    @Override
    public void close() {
        handle.lock();
        try {
            refused = true;
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            log.debug("staging.close-failed file={} {}", path, e.toString());
        } finally {
            handle.unlock();
        }
    }
}
