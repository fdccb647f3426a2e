package dev.narwhal.clients;

import static java.util.stream.Collectors.groupingBy;

import dev.narwhal.testkit.SentBody;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How much of what clients sent did not count: of each PATCH what was sent in it, less what the next one could begin after. */
final class SentInVain {

    /** A PATCH that no fault struck; it may have met with another one that was not over yet. */
    static final String NO_FAULT = "NONE";

    private final Map<String, LongSummaryStatistics> byFault;

    private SentInVain(Map<String, LongSummaryStatistics> byFault) {
        this.byFault = byFault;
    }

    /** @param lengths of the uploads, by their paths; all are complete */
    static SentInVain of(List<SentBody> bodies, Map<String, Long> lengths) {
        List<Map.Entry<String, Long>> wasted = new ArrayList<>();
        bodies.stream()
                .filter(body -> lengths.containsKey(body.path()))
                .collect(groupingBy(SentBody::path))
                .forEach((path, ofOne) -> wasted.addAll(ofUpload(ofOne, lengths.getOrDefault(path, 0L))));
        return new SentInVain(wasted.stream()
                .collect(groupingBy(Map.Entry::getKey, TreeMap::new, Collectors.summarizingLong(Map.Entry::getValue))));
    }

    private static List<Map.Entry<String, Long>> ofUpload(List<SentBody> bodies, long length) {
        List<SentBody> inOrder = bodies.stream()
                .sorted(Comparator.comparingLong(SentBody::began))
                .toList();
        List<Map.Entry<String, Long>> wasted = new ArrayList<>();
        for (int i = 0; i < inOrder.size(); i++) {
            SentBody body = inOrder.get(i);
            long next = i + 1 < inOrder.size() ? inOrder.get(i + 1).offset() : length;
            String fault = body.fault().isEmpty() ? NO_FAULT : body.fault();
            wasted.add(Map.entry(fault, body.bytes() - (next - body.offset())));
        }
        return wasted;
    }

    /** Of those PATCHes that this fault struck last; framing of chunks included. 0 when there are none. */
    double average(String fault) {
        LongSummaryStatistics bytes = byFault.get(fault);
        return bytes == null ? 0 : bytes.getAverage();
    }

    long total() {
        return byFault.values().stream()
                .mapToLong(LongSummaryStatistics::getSum)
                .sum();
    }

    /** A line for each fault: how many PATCHes it struck last, and the bytes of them that did not count. */
    @Override
    public String toString() {
        StringBuilder table = new StringBuilder();
        byFault.forEach(
                (fault, bytes) -> table.append("%n  %-18s %5d PATCHes, sent in vain %9d B, on average %7d, at most %7d"
                        .formatted(
                                fault, bytes.getCount(), bytes.getSum(), (long) bytes.getAverage(), bytes.getMax())));
        return table.toString();
    }
}
