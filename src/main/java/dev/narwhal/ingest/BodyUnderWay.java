package dev.narwhal.ingest;

import dev.narwhal.staging.StagedAppend;
import dev.narwhal.upload.DatabaseFailures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One body on its way into the staged file, and how much of it is recorded. Every method is called under the lock of the
 * body's {@link LeasedUpload}.
 */
final class BodyUnderWay {

    private static final Logger log = LoggerFactory.getLogger(BodyUnderWay.class);
    private static final Duration CATCH_UP_PAUSE = Duration.ofMillis(250);

    private final StagedAppend staged;
    private final LeasedRow row;
    private final Checkpoints checkpoints;

    BodyUnderWay(StagedAppend staged, LeasedRow row) {
        this.staged = staged;
        this.row = row;
        this.checkpoints = new Checkpoints(row.known().offset(), System::nanoTime);
    }

    /** A duplicate: the container's read leaves position and limit as it likes. */
    ByteBuffer room() throws IOException {
        return staged.buffer().duplicate();
    }

    void received(int bytes) throws IOException {
        staged.received(bytes);
        if (checkpoints.isDue(staged.position())) {
            checkpoint();
        }
    }

    /** How far the body has come, recorded or not. */
    long position() {
        return staged.position();
    }

    /** With the database away the body goes on: its bytes are durable, and its end or a later checkpoint records them. */
    private void checkpoint() throws IOException {
        try {
            advance();
        } catch (RuntimeException e) {
            if (!DatabaseFailures.isUnavailable(e)) {
                throw e;
            }
            checkpoints.postpone();
            log.warn(
                    "upload.checkpoint-postponed id={} reason=\"{}\"",
                    row.known().id(),
                    e.getMessage());
        }
    }

    /** Bytes first, then the row. */
    void advance() throws IOException {
        long durable = staged.flush();
        row.advance(durable);
        checkpoints.done(durable);
    }

    /** The same for somebody who asks how far it is: not with every question. */
    void catchUp() throws IOException {
        if (checkpoints.isQuietFor(CATCH_UP_PAUSE)) {
            advance();
        }
    }
}
