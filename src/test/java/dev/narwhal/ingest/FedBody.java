package dev.narwhal.ingest;

import java.io.EOFException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A body that a test feeds piece by piece; its reader waits for the next one, as for a client. */
final class FedBody implements ChunkSource {

    private record Piece(byte[] bytes, BodyInterruptedException.@Nullable Reason failure) {}

    private final BlockingQueue<Piece> pieces = new ArrayBlockingQueue<>(1000);
    private final long announced;
    private ByteBuffer current = ByteBuffer.allocate(0);
    private volatile boolean waiting;

    FedBody(long announced) {
        this.announced = announced;
    }

    static FedBody whole(byte[] content) {
        return new FedBody(content.length).feed(content).end();
    }

    FedBody feed(byte[] bytes) {
        pieces.add(new Piece(bytes, null));
        return this;
    }

    FedBody end() {
        return feed(new byte[0]);
    }

    FedBody breakOff(BodyInterruptedException.Reason reason) {
        pieces.add(new Piece(new byte[0], reason));
        return this;
    }

    /** Waits until everything that was fed is part of the body, and the reader waits for more. */
    FedBody awaitTaken() {
        Awaitility.await().pollInterval(Duration.ofMillis(2)).until(() -> waiting && pieces.isEmpty());
        return this;
    }

    @Override
    public int read(ByteBuffer target) throws BodyInterruptedException {
        if (!current.hasRemaining()) {
            Piece next = take();
            if (next.failure() != null) {
                throw new BodyInterruptedException(next.failure(), new EOFException("as the test wants"));
            }
            if (next.bytes().length == 0) {
                end();
                return -1;
            }
            current = ByteBuffer.wrap(next.bytes());
        }
        int read = Math.min(current.remaining(), target.remaining());
        target.put(current.slice().limit(read));
        current.position(current.position() + read);
        return read;
    }

    private Piece take() {
        waiting = true;
        try {
            return pieces.take();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } finally {
            waiting = false;
        }
    }

    @Override
    public long announcedBytes() {
        return announced;
    }
}
