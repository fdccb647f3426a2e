package dev.narwhal.statistics;

import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/** Additions to rows of the statistics, which are written together. */
final class Tally {

    /** @param owner empty for everybody's row */
    record Row(Span span, boolean everybody, String owner, Instant start) {}

    /** The same for every process, so that two which write the same rows do not wait for each other in a circle. */
    private static final Comparator<Row> ORDER = Comparator.comparing(Row::span)
            .thenComparing(Row::start)
            .thenComparing(Row::everybody)
            .thenComparing(Row::owner);

    private final Map<Row, long[]> additions = new HashMap<>();
    private final Instant hoursFrom;

    /** @param hoursFrom the first hour whose row is still kept */
    Tally(Instant hoursFrom) {
        this.hoursFrom = hoursFrom;
    }

    /** @param owner empty for an upload without an owner, which everybody's rows alone count */
    void add(String owner, Instant at, Measure measure, long amount) {
        for (Span span : Span.values()) {
            Instant start = span.startOf(at);
            if (span == Span.HOUR && start.isBefore(hoursFrom)) {
                continue;
            }
            add(new Row(span, true, "", start), measure, amount);
            if (!owner.isEmpty()) {
                add(new Row(span, false, owner, start), measure, amount);
            }
        }
    }

    private void add(Row row, Measure measure, long amount) {
        additions.computeIfAbsent(row, unused -> new long[Measure.values().length])[measure.ordinal()] += amount;
    }

    void forEach(BiConsumer<Row, long[]> writer) {
        additions.entrySet().stream()
                .sorted(Map.Entry.comparingByKey(ORDER))
                .forEach(addition -> writer.accept(addition.getKey(), addition.getValue()));
    }
}
