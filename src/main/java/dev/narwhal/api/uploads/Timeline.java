package dev.narwhal.api.uploads;

import dev.narwhal.history.HistoryEntry;
import dev.narwhal.history.HistoryEvent;
import dev.narwhal.upload.Upload;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Merges what the columns of an upload and of its delivery say with the rows of its history. */
final class Timeline {

    private static final double MILLIS = 1000;

    private final List<TimelineEntry> entries = new ArrayList<>();

    private Timeline() {}

    static List<TimelineEntry> of(
            Upload upload,
            @Nullable Instant firstByteAt,
            @Nullable DeliveryDetail delivery,
            List<HistoryEntry> history) {
        Timeline timeline = new Timeline();
        timeline.add(upload.createdAt(), "CREATED");
        timeline.add(firstByteAt, "FIRST_BYTES");
        history.forEach(timeline::add);
        if (upload.finishedAt() != null) {
            timeline.entries.add(
                    TimelineEntry.of(upload.finishedAt(), "FINISHED").withOffset(upload.length()));
        }
        if (delivery != null) {
            timeline.add(delivery.queuedAt(), "DELIVERY_QUEUED");
            timeline.add(delivery.deliveredAt(), "DELIVERED");
        }
        timeline.addEnd(upload, history);
        // Stable: what happened at the same moment stays in the order of an upload's life.
        timeline.entries.sort(Comparator.comparing(TimelineEntry::at));
        return timeline.entries;
    }

    private void add(@Nullable Instant at, String event) {
        if (at != null) {
            entries.add(TimelineEntry.of(at, event));
        }
    }

    private void add(HistoryEntry row) {
        entries.add(new TimelineEntry(row.at(), row.event().name(), row.offset(), row.detail(), row.actor(), null));
        Instant resumed = row.resumedAt();
        if (resumed != null) {
            double seconds = Math.max(0, Duration.between(row.at(), resumed).toMillis()) / MILLIS;
            entries.add(new TimelineEntry(resumed, "RESUMED", row.offset(), null, null, seconds));
        }
    }

    /** A tombstone's row has changed last at its end. */
    private void addEnd(Upload upload, List<HistoryEntry> history) {
        boolean told = history.stream().anyMatch(row -> row.event() == HistoryEvent.TERMINATED);
        if (!upload.state().isLive() && !told) {
            entries.add(
                    TimelineEntry.of(upload.updatedAt(), upload.state().name()).withOffset(upload.offset()));
        }
    }
}
