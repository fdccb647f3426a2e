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
 * A second handle of a staged file, to read large stretches past the page cache: what was written past it is not in it, and
 * reading it through it costs several times as much and pushes out what others read. The kernel writes back what the cache
 * holds of a stretch before it reads it so. Once a read has failed, none is tried any more.
 */
final class DirectReads implements Closeable {

    private static final Logger log = LoggerFactory.getLogger(DirectReads.class);

    /** Smaller stretches are not worth a way of their own: bytes. */
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
     * Reads as far as the target or the file goes.
     *
     * @return bytes read; 0 when this stretch has to go through the cache
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
