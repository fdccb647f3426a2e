package dev.narwhal.ingest;

import dev.narwhal.database.DatabaseFailures;
import dev.narwhal.staging.StagedAppend;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One body being received into the staged file, and how much of it is recorded. All methods are called under the lock
 * of the body's {@link LeasedUpload}.
 *
 * <p>A body with a checksum is <em>unverified</em> until the checksum has been compared: none of its bytes is
 * recorded, and every other request sees the offset at which the body began.
 */
final class BodyUnderWay {

    private static final Logger log = LoggerFactory.getLogger(BodyUnderWay.class);

    private final StagedAppend staged;
    private final LeasedRow row;
    private final Checkpoints checkpoints;
    private boolean unverified;
    /** True while a sync beside the reader may be under way whose bytes are to be recorded. */
    private boolean syncing;

    BodyUnderWay(StagedAppend staged, LeasedRow row, boolean unverified) {
        this.staged = staged;
        this.row = row;
        this.checkpoints = new Checkpoints(row.known().offset(), System::nanoTime);
        this.unverified = unverified;
    }

    boolean isUnverified() {
        return unverified;
    }

    /** Returns a duplicate, because the container's read leaves position and limit undefined. */
    ByteBuffer room() throws IOException {
        return staged.buffer().duplicate();
    }

    void received(int bytes) throws IOException {
        staged.received(bytes);
        checkpoints.arrived();
        if (unverified) {
            return;
        }
        if (checkpoints.isDue(staged.position())) {
            checkpoint(this::advance);
        } else if (syncing) {
            recordSynced();
        } else if (checkpoints.isNear(staged.position())) {
            staged.startSync();
            syncing = true;
        }
    }

    private void recordSynced() throws IOException {
        long durable = staged.durable();
        if (durable > row.known().offset()) {
            checkpoint(() -> record(durable));
        }
    }

    /** The end of the body as other requests see it: an unverified body does not move it. */
    long visibleEnd() {
        return unverified ? row.known().offset() : staged.position();
    }

    /** Records what is durable. */
    private interface Recording {
        void run() throws IOException;
    }

    /**
     * Without the database the body continues: its bytes are durable, and its end or a later checkpoint records them.
     */
    private void checkpoint(Recording recording) throws IOException {
        try {
            recording.run();
        } catch (RuntimeException e) {
            if (!DatabaseFailures.isUnavailable(e)) {
                throw e;
            }
            checkpoints.postpone();
            syncing = false;
            log.warn(
                    "upload.checkpoint-postponed upload={} reason=\"{}\"",
                    row.known().id(),
                    e.getMessage());
        }
    }

    /** Syncs the bytes, then records them in the row. */
    void advance() throws IOException {
        record(staged.flush());
    }

    private void record(long durable) {
        row.advance(durable);
        checkpoints.done(durable);
        syncing = false;
    }

    /**
     * Syncs and records the bytes received so far for a HEAD. Does nothing for an unverified body, or when a recent
     * checkpoint answers the HEAD well enough.
     *
     * @param asked when the HEAD asked, by {@link System#nanoTime}
     * @return nanoseconds after which to call again; zero or negative when the HEAD can be answered
     */
    long checkpointFor(long asked) throws IOException {
        if (unverified || checkpoints.isAnswered(asked)) {
            return 0;
        }
        long wait = checkpoints.untilAnswer(asked);
        if (wait > 0) {
            return wait;
        }
        if (visibleEnd() == row.known().offset()) {
            return 0;
        }
        long pause = checkpoints.untilNextCheckpoint();
        if (pause <= 0) {
            advance();
        }
        return pause;
    }

    /** Writes the received bytes, so that they can be read back. */
    void flush() throws IOException {
        staged.flush();
    }

    /** The checksum matched: from now on this body is recorded like one without a checksum. */
    void verified() {
        unverified = false;
    }

    /**
     * Frees the disk space of an unverified body. Does nothing for any other body: its bytes may be recorded, even
     * when the database's answer was lost.
     */
    void discard() {
        if (!unverified) {
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
