package dev.narwhal.ingest;

import dev.narwhal.upload.UploadId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Bodies that ended a moment ago without their client hearing how far they came.
 *
 * <p>A client whose connection broke asks for the offset while bytes of its dead connection are still on their way out of
 * the kernel; they may be recorded after the answer. Its PATCH then names an offset that has been overtaken through no
 * fault of its own, and must be told to ask again (423) rather than that it is wrong (409, fatal for tus-java-client).
 */
final class UnacknowledgedBodies {

    private static final long MEMORY = Duration.ofMinutes(2).toNanos();
    private static final int MOST = 100_000;

    private record Body(long start, long end, long endedAt) {

        /** One with the body before it, when they touch and that one is not to be forgotten. */
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

    /** The client has heard an offset of a later body: what it names from now on is its own doing. */
    synchronized void acknowledged(UploadId id) {
        bodies.remove(id);
    }

    /** True when {@code offset} was right until a body that nobody answered went past it. */
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
