package dev.narwhal.statistics;

import dev.narwhal.database.RowCommitter;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadEvent;
import dev.narwhal.upload.UploadKind;
import dev.narwhal.upload.UploadListener;
import java.time.Instant;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Notes the uploads that the rollup would miss, in the transactions that make it miss them: those added with a creation that
 * it has passed (a body whose checksum took hours, a clock set back before a restart), and those whose rows go before
 * everything of them was counted. Everybody else's changes cost a comparison.
 */
final class MissedUploads implements UploadListener {

    private final CursorRows cursors;
    private final OpenRows open;
    private final MissedRows missed;

    /** The rollup may be about to pass every creation before this time: what an earlier process passed, until this one goes further. */
    private volatile Instant passing;

    private MissedUploads(CursorRows cursors, OpenRows open, MissedRows missed, Instant passing) {
        this.cursors = cursors;
        this.open = open;
        this.missed = missed;
        this.passing = passing;
    }

    /** At the start of the volume's owner. From then on the cursor has a row: without one, nothing would lock it. */
    static MissedUploads of(JdbcClient jdbc, RowCommitter committer, String volume) {
        CursorRows cursors = new CursorRows(jdbc);
        Instant passed = committer.commitLazily(() -> {
            cursors.add(volume);
            return cursors.read(volume).createdAt();
        });
        return new MissedUploads(cursors, new OpenRows(jdbc), new MissedRows(jdbc), passed);
    }

    @Override
    public void changed(UploadEvent event) {
        Upload upload = event.now();
        if (upload.kind() == UploadKind.PARTIAL) {
            return;
        }
        if (event.type() == UploadEvent.Type.CREATED && upload.createdAt().isBefore(passing)) {
            missed.addLate(upload);
        } else if (event.type() == UploadEvent.Type.FORGOTTEN) {
            forgotten(upload);
        }
    }

    Instant passing() {
        return passing;
    }

    /** From now on, every upload created before {@code time} is noted. Time does not go back. */
    synchronized void pass(Instant time) {
        if (passing.isBefore(time)) {
            passing = time;
        }
    }

    /**
     * The lock makes the rollup's transaction come before this one or after it: either the rollup has counted the upload, or it
     * finds it among the missed.
     */
    private void forgotten(Upload upload) {
        String id = upload.id().value();
        Cursor cursor = cursors.lock(upload.volume());
        if (missed.remove(upload.volume(), id)) {
            missed.addRemoved(upload, Counted.NOTHING);
            return;
        }
        Optional<Counted> counted = open.find(upload.volume(), id);
        if (counted.isPresent()) {
            open.remove(upload.volume(), id, counted.get());
            missed.addRemoved(upload, counted.get());
        } else if (!cursor.isPast(upload.createdAt(), id)) {
            missed.addRemoved(upload, Counted.NOTHING);
        }
    }
}
