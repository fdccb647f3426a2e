package dev.narwhal.bench.table;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordingFile;

/** The samples of a recording by JFR, by places: the feature of ours that is nearest, and what it was in at that moment. */
final class Samples {

    private static final String OURS = "dev.narwhal";
    private static final int PLACES = 16;
    private static final double PERCENT = 100;

    private Samples() {}

    /** @return percent by place, the largest first */
    static Map<String, Double> read(Path recording, Instant begin) throws IOException {
        Map<String, Integer> counts = new HashMap<>();
        int all = 0;
        try (RecordingFile file = new RecordingFile(recording)) {
            while (file.hasMoreEvents()) {
                RecordedEvent event = file.readEvent();
                if (event.getEventType().getName().equals("jdk.CPUTimeSample")
                        && event.getStartTime().isAfter(begin)
                        && event.getStackTrace() != null) {
                    counts.merge(place(event.getStackTrace().getFrames()), 1, Integer::sum);
                    all++;
                }
            }
        }
        int total = all;
        Map<String, Double> shares = new LinkedHashMap<>();
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
                .limit(PLACES)
                .forEach(place -> shares.put(place.getKey(), PERCENT * place.getValue() / total));
        return shares;
    }

    private static String place(List<RecordedFrame> frames) {
        if (frames.isEmpty()) {
            return "unknown";
        }
        String leaf = area(frames.getFirst());
        return frames.stream()
                .map(Samples::area)
                .filter(area -> area.startsWith(OURS))
                .findFirst()
                .map(ours -> ours.equals(leaf) ? ours : ours + ", in " + leaf)
                .orElse(leaf);
    }

    /** The first three parts of a package. */
    private static String area(RecordedFrame frame) {
        String[] parts = frame.getMethod().getType().getName().split("\\.");
        int length = Math.min(3, parts.length - 1);
        return String.join(".", List.of(parts).subList(0, Math.max(length, 1)));
    }
}
