package dev.narwhal.ingest;

import dev.narwhal.access.limits.Pace;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How slow a client may be. A client that is not silent but sends hardly anything occupies a connection, a buffer and
 * the upload's lease for hours. Its body ends like that of a silent client, and the received bytes are kept.
 *
 * <p>Only the time in which the server waits for the client counts, not the time of disk writes.
 *
 * @param bytes how many must arrive in each {@code window} of waiting; 0 for no minimum
 */
record MinimumRate(long bytes, Duration window) {

    static MinimumRate of(long bytesPerSecond, Duration window) {
        long millis = Math.multiplyExact(bytesPerSecond, window.toMillis());
        // Rounded up: a window of 100 ms must not turn a low rate off.
        return new MinimumRate(Math.ceilDiv(millis, 1000), window);
    }

    /**
     * Wraps the body so that it fails with {@link BodyInterruptedException.Reason#SLOW} when its client is too slow.
     */
    ChunkSource enforceOn(ChunkSource body, LongSupplier nanoTime) {
        return bytes == 0 ? body : new RateCheckedBody(body, bytes, window.toNanos(), nanoTime);
    }

    /** Does not read the clock for a fast body, which fills each window with its first read. */
    private static final class RateCheckedBody implements ChunkSource {

        private final ChunkSource body;
        private final long wanted;
        private final long window;
        private final LongSupplier nanoTime;
        private long left;
        private long received;
        private long waited;

        RateCheckedBody(ChunkSource body, long wanted, long window, LongSupplier nanoTime) {
            this.body = body;
            this.wanted = wanted;
            this.window = window;
            this.nanoTime = nanoTime;
            this.left = body.announcedBytes();
        }

        /**
         * The bytes of a slow read still count, so the failure comes with the next read; a body that is complete by
         * then does not fail.
         */
        @Override
        public int read(ByteBuffer target) throws BodyInterruptedException {
            if (received >= wanted) {
                received = 0;
                waited = 0;
                return counted(body.read(target));
            }
            if (waited >= window && left != 0) {
                throw new BodyInterruptedException(BodyInterruptedException.Reason.SLOW);
            }
            long began = nanoTime.getAsLong();
            int read = body.read(target);
            waited += nanoTime.getAsLong() - began;
            return counted(read);
        }

        private int counted(int read) {
            int bytes = Math.max(0, read);
            received += bytes;
            left -= bytes;
            return read;
        }

        @Override
        public Pace pace() {
            return body.pace();
        }

        @Override
        public long announcedBytes() {
            return body.announcedBytes();
        }
    }
}
