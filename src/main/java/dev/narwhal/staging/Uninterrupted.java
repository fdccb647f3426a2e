package dev.narwhal.staging;

import dev.narwhal.disk.DiskCalls;
import dev.narwhal.disk.IoWork;
import java.io.IOException;

/**
 * Keeps an interrupt that is already pending away from a file channel, which would close itself, and gives it back
 * afterwards. An interrupt that comes in the middle still closes the channel: then the work fails like any other. Like
 * every call of the file system it is made through {@link DiskCalls}.
 */
final class Uninterrupted {

    private Uninterrupted() {}

    static void run(IoWork work) throws IOException {
        call(withResult(work));
    }

    static <T> T call(IoWork.WithResult<T> work) throws IOException {
        return calm(() -> DiskCalls.call(work));
    }

    /** For a sync, which takes long as a rule. */
    static void sync(IoWork work) throws IOException {
        calm(() -> DiskCalls.sync(withResult(work)));
    }

    private static IoWork.WithResult<Boolean> withResult(IoWork work) {
        return () -> {
            work.run();
            return true;
        };
    }

    private static <T> T calm(IoWork.WithResult<T> work) throws IOException {
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
