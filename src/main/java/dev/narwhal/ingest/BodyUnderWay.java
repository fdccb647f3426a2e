package dev.narwhal.ingest;

import dev.narwhal.database.DatabaseFailures;
import dev.narwhal.staging.StagedAppend;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One body on its way into the staged file, and how much of it is recorded. Every method is called under the lock of the
 * body's {@link LeasedUpload}.
 *
 * <p>A body that is to be verified is <em>withheld</em> until it was: nothing of it is recorded, and to everybody else the
 * upload stands where the body began.
 */
final class BodyUnderWay {

    private static final Logger log = LoggerFactory.getLogger(BodyUnderWay.class);

    private final StagedAppend staged;
    private final LeasedRow row;
    private final Checkpoints checkpoints;
    private boolean withheld;

    BodyUnderWay(StagedAppend staged, LeasedRow row, boolean withheld) {
        this.staged = staged;
        this.row = row;
        this.checkpoints = new Checkpoints(row.known().offset(), System::nanoTime);
        this.withheld = withheld;
    }

    boolean isWithheld() {
        return withheld;
    }

    /** A duplicate: the container's read leaves position and limit as it likes. */
    ByteBuffer room() throws IOException {
        return staged.buffer().duplicate();
    }

    void received(int bytes) throws IOException {
        staged.received(bytes);
        checkpoints.arrived();
        if (!withheld && checkpoints.isDue(staged.position())) {
            checkpoint();
        }
    }

    /** How far the body has come, as far as that concerns anybody else. */
    long visible() {
        return withheld ? row.known().offset() : staged.position();
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
                    "upload.checkpoint-postponed upload={} reason=\"{}\"",
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

    /**
     * The same for somebody who has asked how far it is. Not with every question, and not what is withheld.
     *
     * @param asked when, by {@link System#nanoTime}
     * @return nanoseconds after which to call again; at most 0 when it is done
     */
    long catchUp(long asked) throws IOException {
        if (withheld || checkpoints.isAnswered(asked)) {
            return 0;
        }
        long unsettled = checkpoints.untilSettled(asked);
        if (unsettled > 0) {
            return unsettled;
        }
        if (visible() == row.known().offset()) {
            return 0;
        }
        long pause = checkpoints.untilTurn();
        if (pause <= 0) {
            advance();
        }
        return pause;
    }

    /** Writes what has come, so that it can be read back. */
    void flush() throws IOException {
        staged.flush();
    }

    /** The bytes are the ones that the client sent: from here on it is a body like any other. */
    void verified() {
        withheld = false;
    }

    /**
     * Frees the room of bytes that will never count. Only for a withheld body: no row can know any of it, whatever became of
     * an answer of the database.
     */
    void discard() {
        if (!withheld) {
            return;
        }
        try {
            staged.discard();
        } catch (IOException e) {
            log.warn(
                    "upload.body-not-cut-off upload={} offset={}",
                    row.known().id(),
                    row.known().offset(),
                    e);
        }
    }
}
