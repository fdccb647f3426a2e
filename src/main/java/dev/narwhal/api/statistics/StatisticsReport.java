package dev.narwhal.api.statistics;

import dev.narwhal.statistics.Span;
import dev.narwhal.statistics.Sums;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What happened to uploads.
 *
 * @param by the length of each item's time
 * @param from the beginning of the first hour or day that was asked for
 * @param to the end of the last one
 * @param owner whose uploads; null for those of all owners
 * @param countedUntil uploads created later are not counted yet; null before the first count
 * @param items the hours or days in which something happened, the oldest first
 */
public record StatisticsReport(
        Span by,
        Instant from,
        Instant to,
        @Nullable String owner,
        @Nullable Instant countedUntil,
        List<Sums> items) {}
