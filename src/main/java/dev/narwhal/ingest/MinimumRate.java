package dev.narwhal.ingest;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How slow a client may be. A body that is not silent, and still brings next to nothing, holds a connection, a buffer and its
 * upload's lease for hours: it ends as a silent one does, and what has come is kept.
 *
 * <p>Only time in which the server waits for the client counts, not what a busy disk takes.
 *
 * @param bytes how many have to come in each {@code window} of waiting; 0 for any number
 */
record MinimumRate(long bytes, Duration window) {

    static MinimumRate of(long bytesPerSecond, Duration window) {
        long millis = Math.multiplyExact(bytesPerSecond, window.toMillis());
        // Rounded up: a window of 100 ms must not turn a low rate off.
        return new MinimumRate(Math.ceilDiv(millis, 1000), window);
    }

    /** The same body, which fails with {@link BodyInterruptedException.Reason#SLOW} when its client is too slow. */
    ChunkSource demandedOf(ChunkSource body, LongSupplier nanoTime) {
        return bytes == 0 ? body : new DemandingBody(body, bytes, window.toNanos(), nanoTime);
    }

    /** A fast body fills each window with its first read; then no clock is read. */
    private static final class DemandingBody implements ChunkSource {

        private final ChunkSource body;
        private final long wanted;
        private final long window;
        private final LongSupplier nanoTime;
        private long left;
        private long received;
        private long waited;

        DemandingBody(ChunkSource body, long wanted, long window, LongSupplier nanoTime) {
            this.body = body;
            this.wanted = wanted;
            this.window = window;
            this.nanoTime = nanoTime;
            this.left = body.announcedBytes();
        }

        /** What a read has brought counts, so a failure comes with the next one; but not for a body that is whole by then. */
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
        public long announcedBytes() {
            return body.announcedBytes();
        }
    }
}
