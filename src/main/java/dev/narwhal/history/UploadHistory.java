package dev.narwhal.history;

import dev.narwhal.database.DatabaseFailures;
import dev.narwhal.database.RowCommitter;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadEvent;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadListener;
import java.time.Clock;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the history of uploads as the repositories tell of them, in the transaction of the change: an interruption with the last bytes
 * of its body. A takeover, and an interruption that leaves no bytes to record, change nothing: their rows come after them, without a sync
 * of their own, so a crash may lose these.
 */
public class UploadHistory implements UploadListener {

    private static final Logger log = LoggerFactory.getLogger(UploadHistory.class);

    /** How {@code narwhal.bodies.broken} names a body that another request has displaced. */
    private static final String DISPLACED = "displaced";

    private static final int MOST_REMEMBERED = 10_000;

    private final HistoryRows rows;
    private final RowCommitter committer;
    private final Clock clock;
    private final Instant startedAt;

    /** Interrupted here, and not resumed: only these cost a statement when their next bytes are recorded. */
    private final Set<UploadId> interrupted = Recent.set();

    /** Interruptions whose rows have come with the last bytes of their bodies. */
    private final Set<UploadId> written = Recent.set();

    public UploadHistory(HistoryRows rows, RowCommitter committer, Clock clock) {
        this.rows = rows;
        this.committer = committer;
        this.clock = clock;
        this.startedAt = clock.instant();
    }

    /** The last ones that came. */
    private static final class Recent extends LinkedHashMap<UploadId, Boolean> {

        private static final long serialVersionUID = 1L;

        static Set<UploadId> set() {
            return Collections.synchronizedSet(Collections.newSetFromMap(new Recent()));
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<UploadId, Boolean> eldest) {
            return size() > MOST_REMEMBERED;
        }
    }

    @Override
    public void changed(UploadEvent event) {
        switch (event.type()) {
            case ADVANCED, FINISHED -> {
                if (isResuming(event)) {
                    rows.resumed(event.now().id(), event.now().updatedAt());
                }
            }
            case DELIVERY_FAILED ->
                rows.addFailure(event.now().id(), event.now().updatedAt());
            case CREATED, DELIVERED, RETRIED, EXPIRED, TERMINATED, FORGOTTEN -> {}
        }
    }

    /** An upload that a process before this one had is asked once: only its rows know whether it was interrupted. */
    private boolean isResuming(UploadEvent event) {
        Upload before = event.before();
        return before != null
                && event.now().offset() > before.offset()
                && (interrupted.contains(before.id()) || before.updatedAt().isBefore(startedAt));
    }

    @Override
    public void committed(UploadEvent event) {
        switch (event.type()) {
            case ADVANCED, FINISHED -> {
                if (!interrupted.isEmpty()
                        && event.before() != null
                        && event.now().offset()
                                > Objects.requireNonNull(event.before()).offset()) {
                    interrupted.remove(event.now().id());
                }
            }
            case EXPIRED, TERMINATED -> interrupted.remove(event.now().id());
            case CREATED, DELIVERED, DELIVERY_FAILED, RETRIED, FORGOTTEN -> {}
        }
    }

    @Override
    public void interrupting(Upload now, String reason) {
        rows.add(now.id(), entry(now, reason));
        written.add(now.id());
    }

    @Override
    public void interrupted(Upload upload, String reason) {
        interrupted.add(upload.id());
        if (!written.remove(upload.id())) {
            write(upload, entry(upload, reason));
        }
    }

    private HistoryEntry entry(Upload upload, String reason) {
        return reason.equals(DISPLACED)
                ? HistoryEntry.of(HistoryEvent.TAKEN_OVER, clock.instant()).at(upload.offset())
                : HistoryEntry.of(HistoryEvent.INTERRUPTED, clock.instant())
                        .at(upload.offset())
                        .because(reason);
    }

    private void write(Upload upload, HistoryEntry entry) {
        try {
            boolean unused = committer.commitLazily(() -> {
                rows.add(upload.id(), entry);
                return true;
            });
        } catch (RuntimeException e) {
            if (!DatabaseFailures.isUnavailable(e)) {
                throw e;
            }
            log.debug("history.not-written upload={} event={}", upload.id(), entry.event(), e);
        }
    }
}
