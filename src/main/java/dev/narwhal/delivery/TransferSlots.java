package dev.narwhal.delivery;

import dev.narwhal.upload.UploadId;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * How many long pieces of work of one kind go on at a time, such as deliveries of several parts: there are more threads than
 * that, so that a small file never waits for a large one. An upload that finds no slot goes back to the schedule, holds no
 * thread, and is named when a slot becomes free. What can wait takes a slot only when nobody else waits for one.
 */
final class TransferSlots {

    private final int atATime;
    private final Set<UploadId> running = new HashSet<>();
    private final Set<UploadId> waiting = new LinkedHashSet<>();

    TransferSlots(int atATime) {
        this.atATime = atATime;
    }

    /** @return false when there is no slot now; the upload is named by a later {@link #release} */
    synchronized boolean tryAcquire(UploadId id) {
        if (running.size() < atATime) {
            waiting.remove(id);
            return running.add(id);
        }
        waiting.add(id);
        return false;
    }

    /** The same for what can wait: it is never named, and comes again by itself. */
    synchronized boolean tryAcquireIdle(UploadId id) {
        return waiting.isEmpty() && running.size() < atATime && running.add(id);
    }

    /** @return who may have the slot now */
    synchronized Optional<UploadId> release(UploadId id) {
        running.remove(id);
        Optional<UploadId> next = waiting.stream().findFirst();
        // Whoever was named and never came must not stand in the way of those behind.
        next.ifPresent(waiting::remove);
        return next;
    }
}
