package dev.narwhal.history;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row of the history.
 *
 * @param offset durable bytes at that time; null where they do not matter
 * @param detail a reason or an error, at most 1,000 characters
 * @param actor who did it: the owner or the credential of an operator; null for the client and for the server itself
 * @param resumedAt when bytes were recorded again after an interruption; null before, and where it is not known
 */
public record HistoryEntry(
        HistoryEvent event,
        Instant at,
        @Nullable Long offset,
        @Nullable String detail,
        @Nullable String actor,
        @Nullable Instant resumedAt) {

    public static HistoryEntry of(HistoryEvent event, Instant at) {
        return new HistoryEntry(event, at, null, null, null, null);
    }

    HistoryEntry at(long bytes) {
        return new HistoryEntry(event, at, bytes, detail, actor, resumedAt);
    }

    public HistoryEntry because(@Nullable String reason) {
        return new HistoryEntry(event, at, offset, reason, actor, resumedAt);
    }

    public HistoryEntry by(@Nullable String who) {
        return new HistoryEntry(event, at, offset, detail, who, resumedAt);
    }
}
