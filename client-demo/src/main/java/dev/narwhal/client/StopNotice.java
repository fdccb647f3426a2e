package dev.narwhal.client;

import dev.narwhal.client.transfer.TransferView;
import dev.narwhal.client.transfer.UploadMemory;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Says at a Ctrl-C (or any other polite end of the process) how to go on. There is nothing to save then: what the next run
 * needs was saved before the first byte was sent.
 */
final class StopNotice {

    private record Running(TransferView view, UploadMemory memory) {}

    private final AtomicReference<@Nullable Running> running = new AtomicReference<>();

    void install() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::tell, "stop-notice"));
    }

    void covers(TransferView view, UploadMemory memory) {
        running.set(new Running(view, memory));
    }

    void coversNothing() {
        running.set(null);
    }

    private void tell() {
        Running stopped = running.getAndSet(null);
        if (stopped != null) {
            stopped.view()
                    .says(
                            stopped.memory().hasUpload()
                                    ? "stopped; the same command goes on where this one ended"
                                    : "stopped; the next run starts from the beginning");
            stopped.view().close();
        }
    }
}
