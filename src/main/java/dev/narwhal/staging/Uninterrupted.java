package dev.narwhal.staging;

import java.io.IOException;

/**
 * Keeps an interrupt that is already pending away from a file channel, which would close itself, and gives it back
 * afterwards. An interrupt that comes in the middle still closes the channel: then the work fails like any other.
 */
final class Uninterrupted {

    private Uninterrupted() {}

    static void run(IoWork work) throws IOException {
        call(() -> {
            work.run();
            return true;
        });
    }

    static <T> T call(IoWork.WithResult<T> work) throws IOException {
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
