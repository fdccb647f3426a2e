package dev.narwhal.delivery;

import dev.narwhal.upload.UploadId;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * How many deliveries of several parts run at a time: there are more threads than that, so that a small file never waits for
 * a large one. Who finds no turn goes back to the schedule, holds no thread, and is called when one is free. Parts that are
 * sent ahead of their upload's end take a turn only when no finished upload waits for one.
 */
final class LargeTurns {

    private final int atATime;
    private final Set<UploadId> running = new HashSet<>();
    private final Set<UploadId> waiting = new LinkedHashSet<>();

    LargeTurns(int atATime) {
        this.atATime = atATime;
    }

    /** @return false when there is no turn now */
    synchronized boolean enter(UploadId id) {
        if (running.size() < atATime) {
            waiting.remove(id);
            return running.add(id);
        }
        waiting.add(id);
        return false;
    }

    /** The same for what can wait: nobody is called for it. */
    synchronized boolean enterAhead(UploadId id) {
        return waiting.isEmpty() && running.size() < atATime && running.add(id);
    }

    /** @return whose turn it is now */
    synchronized Optional<UploadId> leave(UploadId id) {
        running.remove(id);
        Optional<UploadId> next = waiting.stream().findFirst();
        // Whoever was called and never came must not stand in the way of those behind.
        next.ifPresent(waiting::remove);
        return next;
    }
}
