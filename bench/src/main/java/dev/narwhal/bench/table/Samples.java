package dev.narwhal.bench.table;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedFrame;
import jdk.jfr.consumer.RecordedMethod;
import jdk.jfr.consumer.RecordingFile;

/** The samples of a recording by JFR, by what the thread was doing: the method nearest to the top of its stack that says so. */
final class Samples {

    private static final String OTHER = "Other Java";
    private static final String FILES = "System calls on files: uploads";
    private static final String DATABASE_FILES = "System calls on files: database";
    private static final Pattern DATABASE = Pattern.compile("org\\.h2\\..*|dev\\.narwhal\\.database\\.h2\\..*");

    /** What methods do, by class and name; the first that matches counts. */
    private static final List<Activity> ACTIVITIES = List.of(
            new Activity(FILES, "sun\\.nio\\.(fs\\..*|ch\\.(File|UnixFile|Simple).*)|java\\.io\\.(File|Unix|Random).*"),
            new Activity("System calls on connections", "sun\\.nio\\.ch\\..*|java\\.net\\..*"),
            new Activity(
                    "Threads: waking, waiting, switching",
                    "java\\.lang\\.(VirtualThread|Thread).*|jdk\\.internal\\.vm\\..*|jdk\\.internal\\.misc\\.Unsafe\\.(un)?park"
                            + "|java\\.util\\.concurrent\\.(locks\\.|ForkJoin|ThreadPool|Scheduled|Linked).*"),
            new Activity("Digests", "sun\\.security\\..*|java\\.security\\..*|java\\.util\\.zip\\..*"),
            new Activity("Database engine (H2)", DATABASE.pattern()),
            new Activity(
                    "SQL and transactions (Spring JDBC, pool)",
                    "org\\.springframework\\.(jdbc|transaction|dao)\\..*|com\\.zaxxer\\..*"),
            new Activity("Logging", "ch\\.qos\\..*|org\\.slf4j\\..*|dev\\.narwhal\\.logging\\..*"),
            new Activity("Metrics", "io\\.micrometer\\..*|.*Metrics\\..*"),
            new Activity("HTTP (Tomcat, http)", "org\\.apache\\..*|jakarta\\..*|dev\\.narwhal\\.http\\..*"),
            new Activity("tus (protocol)", "dev\\.narwhal\\.protocol\\..*|me\\.desair\\..*"),
            new Activity("Rows (upload, database)", "dev\\.narwhal\\.(upload|database)\\..*"),
            new Activity("Delivery (delivery, destination)", "dev\\.narwhal\\.(delivery|destination)\\..*"),
            new Activity("Appending (ingest, staging, lease)", "dev\\.narwhal\\..*"));

    private record Activity(String name, Pattern methods) {

        Activity(String name, String methods) {
            this(name, Pattern.compile(methods));
        }
    }

    private Samples() {}

    /** @return the share of each activity, 1 together */
    static Map<String, Double> read(Path recording, Instant begin, Instant end) throws IOException {
        Map<String, Double> counts = new HashMap<>();
        try (RecordingFile file = new RecordingFile(recording)) {
            while (file.hasMoreEvents()) {
                RecordedEvent event = file.readEvent();
                if (event.getEventType().getName().equals("jdk.CPUTimeSample")
                        && event.getStartTime().isAfter(begin)
                        && event.getStartTime().isBefore(end)) {
                    counts.merge(activity(event), 1.0, Double::sum);
                }
            }
        }
        double all = counts.values().stream().mapToDouble(Double::doubleValue).sum();
        if (all == 0) {
            throw new IOException("The recording has no samples: this needs JDK 25 on Linux");
        }
        counts.replaceAll((name, count) -> count / all);
        return counts;
    }

    private static String activity(RecordedEvent sample) {
        if (sample.getStackTrace() == null) {
            return OTHER;
        }
        List<String> methods = sample.getStackTrace().getFrames().stream()
                .map(RecordedFrame::getMethod)
                .map(Samples::name)
                .toList();
        String name = methods.stream()
                .map(Samples::of)
                .filter(of -> !of.equals(OTHER))
                .findFirst()
                .orElse(OTHER);
        boolean ofDatabase = name.equals(FILES)
                && methods.stream().anyMatch(method -> DATABASE.matcher(method).matches());
        return ofDatabase ? DATABASE_FILES : name;
    }

    private static String name(RecordedMethod method) {
        return method.getType().getName() + "." + method.getName();
    }

    private static String of(String method) {
        return ACTIVITIES.stream()
                .filter(activity -> activity.methods().matcher(method).matches())
                .map(Activity::name)
                .findFirst()
                .orElse(OTHER);
    }
}
