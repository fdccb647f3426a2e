package dev.narwhal.ingest;

import dev.narwhal.upload.UploadId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Bodies that ended recently without an answer reaching their client.
 *
 * <p>A client whose connection broke sends HEAD while bytes of its dead connection are still in the kernel's buffers.
 * The server may record these bytes after it has answered. The client's next PATCH then has an offset that was
 * overtaken through no fault of its own. The answer must be 423, which makes the client ask again, and not 409, which
 * is fatal for tus-java-client.
 */
final class UnacknowledgedBodies {

    private static final long MEMORY = Duration.ofMinutes(2).toNanos();
    private static final int MOST = 100_000;

    private record Body(long start, long end, long endedAt) {

        /** Merges this body with the previous one if the two touch and the previous one is recent enough. */
        Body after(Body before) {
            boolean one = before.end >= start && endedAt - before.endedAt < MEMORY;
            return one ? new Body(Math.min(before.start, start), Math.max(before.end, end), endedAt) : this;
        }
    }

    private final Map<UploadId, Body> bodies = new LinkedHashMap<>();
    private final LongSupplier nanoTime;

    UnacknowledgedBodies(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    synchronized void ended(UploadId id, long start, long end) {
        if (end == start) {
            return;
        }
        long now = nanoTime.getAsLong();
        Body ended = new Body(start, end, now);
        Body before = bodies.remove(id);
        bodies.put(id, before == null ? ended : ended.after(before));
        forget(now);
    }

    /** The client got the answer to a later body: from now on a wrong offset is its own mistake. */
    synchronized void acknowledged(UploadId id) {
        bodies.remove(id);
    }

    /** True when {@code offset} was right until an unacknowledged body moved past it. */
    synchronized boolean overtook(UploadId id, long offset) {
        forget(nanoTime.getAsLong());
        Body body = bodies.get(id);
        return body != null && offset >= body.start && offset < body.end;
    }

    private void forget(long now) {
        var oldest = bodies.values().iterator();
        while (oldest.hasNext()) {
            Body body = oldest.next();
            if (bodies.size() <= MOST && now - body.endedAt < MEMORY) {
                return;
            }
            oldest.remove();
        }
    }
}
