package dev.narwhal.upload;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** Calls all {@link UploadListener}s, one after the other. */
public final class UploadListeners {

    private static final Logger log = LoggerFactory.getLogger(UploadListeners.class);

    private final Supplier<List<UploadListener>> listeners;

    /** @param listeners looked up when the first event happens: the listeners need the repository that tells them */
    UploadListeners(Supplier<List<UploadListener>> listeners) {
        this.listeners = listeners;
    }

    public static UploadListeners of(UploadListener... listeners) {
        List<UploadListener> all = List.of(listeners);
        return new UploadListeners(() -> all);
    }

    /**
     * To be called right after the statement.
     *
     * @throws IllegalStateException outside a transaction
     */
    void changed(UploadEvent event) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new IllegalStateException(
                    "Upload " + event.now().id() + " is changed inside a commit, with what goes with it");
        }
        listeners.get().forEach(listener -> listener.changed(event));
    }

    /** To be called in the transaction that records the last bytes of a broken body. */
    void interrupting(Upload now, String reason) {
        listeners.get().forEach(listener -> listener.interrupting(now, reason));
    }

    /** To be called after the commit. */
    void committed(UploadEvent event) {
        tell(event.now().id(), listener -> listener.committed(event));
    }

    void interrupted(Upload upload, String reason) {
        tell(upload.id(), listener -> listener.interrupted(upload, reason));
    }

    /** A failing listener must not make a committed change look like a failure. */
    private void tell(UploadId id, Consumer<UploadListener> news) {
        for (UploadListener listener : listeners.get()) {
            try {
                news.accept(listener);
            } catch (RuntimeException e) {
                log.error(
                        "upload.listener-failed upload={} listener={}",
                        id,
                        listener.getClass().getName(),
                        e);
            }
        }
    }
}
