package dev.narwhal.staging;

import dev.narwhal.disk.DiskCalls;
import dev.narwhal.disk.IoWork;
import java.io.IOException;

/**
 * Runs file work without a pending interrupt, which would close the file channel, and restores the interrupt
 * afterwards. An interrupt during the work still closes the channel; then the work fails. Makes the call through {@link
 * DiskCalls}, like every call of the file system.
 */
final class Uninterrupted {

    private Uninterrupted() {}

    static void run(IoWork work) throws IOException {
        call(withResult(work));
    }

    static <T> T call(IoWork.WithResult<T> work) throws IOException {
        return deferringInterrupt(() -> DiskCalls.call(work));
    }

    /** For a sync, which usually takes long. */
    static void sync(IoWork work) throws IOException {
        deferringInterrupt(() -> DiskCalls.sync(withResult(work)));
    }

    private static IoWork.WithResult<Boolean> withResult(IoWork work) {
        return () -> {
            work.run();
            return true;
        };
    }

    private static <T> T deferringInterrupt(IoWork.WithResult<T> work) throws IOException {
        boolean interrupted = Thread.interrupted();
        try {
            return work.run();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
