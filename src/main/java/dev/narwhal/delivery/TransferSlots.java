package dev.narwhal.delivery;

import dev.narwhal.upload.UploadId;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Limits the number of long operations of one kind at a time, such as deliveries of several parts. There are more threads than
 * slots, so that a small file never waits for a large one. An upload without a slot returns to the schedule, holds no thread,
 * and is named when a slot is released. Work that can wait gets a slot only when no upload waits for one.
 */
final class TransferSlots {

    private final int atATime;
    private final Set<UploadId> running = new HashSet<>();
    private final Set<UploadId> waiting = new LinkedHashSet<>();

    TransferSlots(int atATime) {
        this.atATime = atATime;
    }

    /** @return false when no slot is free; a later {@link #release} names the upload */
    synchronized boolean tryAcquire(UploadId id) {
        if (running.size() < atATime) {
            waiting.remove(id);
            return running.add(id);
        }
        waiting.add(id);
        return false;
    }

    /** As {@link #tryAcquire}, for work that can wait: it is never named, and must try again by itself. */
    synchronized boolean tryAcquireIdle(UploadId id) {
        return waiting.isEmpty() && running.size() < atATime && running.add(id);
    }

    /** @return the upload that should try to take the slot now */
    synchronized Optional<UploadId> release(UploadId id) {
        running.remove(id);
        Optional<UploadId> next = waiting.stream().findFirst();
        // An upload that was named but did not try again must not block the uploads behind it.
        next.ifPresent(waiting::remove);
        return next;
    }
}
