package dev.narwhal.upload;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Notes what it is told, and looks whether that is inside a transaction where it must be, and outside where it must not. */
final class RecordingListener implements UploadListener {

    private final LinkedBlockingQueue<UploadEvent> changed = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<UploadEvent> committed = new LinkedBlockingQueue<>();
    private final LinkedBlockingQueue<String> interruptions = new LinkedBlockingQueue<>();
    private final Map<UploadId, RuntimeException> failures = new ConcurrentHashMap<>();
    private volatile boolean failsAfterCommits;

    /** Every change of that upload from now on; null for none. */
    void failAt(UploadId id, @Nullable RuntimeException failure) {
        if (failure == null) {
            failures.remove(id);
        } else {
            failures.put(id, failure);
        }
    }

    void failAfterCommits() {
        failsAfterCommits = true;
    }

    /** What it was told since this was asked last. */
    List<UploadEvent> changed() {
        return drained(changed);
    }

    List<UploadEvent> committed() {
        return drained(committed);
    }

    List<String> interruptions() {
        return drained(interruptions);
    }

    private static <T> List<T> drained(LinkedBlockingQueue<T> told) {
        List<T> all = new ArrayList<>();
        told.drainTo(all);
        return all;
    }

    @Override
    public void changed(UploadEvent event) {
        assertThat(TransactionSynchronizationManager.isActualTransactionActive())
                .isTrue();
        RuntimeException failure = failures.get(event.now().id());
        if (failure != null) {
            throw failure;
        }
        changed.add(event);
    }

    @Override
    public void committed(UploadEvent event) {
        assertThat(TransactionSynchronizationManager.isActualTransactionActive())
                .isFalse();
        failIfWanted();
        committed.add(event);
    }

    @Override
    public void interrupted(Upload upload, String reason) {
        failIfWanted();
        interruptions.add(upload.id() + " " + reason);
    }

    private void failIfWanted() {
        if (failsAfterCommits) {
            throw new IllegalStateException("as the test wants");
        }
    }
}
