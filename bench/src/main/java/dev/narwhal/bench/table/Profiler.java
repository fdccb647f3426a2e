package dev.narwhal.bench.table;

import dev.narwhal.bench.Scratch;
import dev.narwhal.bench.load.Load;
import dev.narwhal.bench.server.Candidate;
import dev.narwhal.bench.server.Candidates;
import dev.narwhal.bench.server.Disk;
import dev.narwhal.bench.server.RunningServer;
import dev.narwhal.bench.server.ThreadTimes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Where Narwhal's processor time goes in P1 and P3w. The kernel counts that of the whole process, of the compiler's threads, and
 * of the garbage collector's; the rest is Java's, and is divided as JFR's samples are.
 */
public final class Profiler {

    private static final List<String> ROWS = List.of("P1", "P3w");
    private static final double PERCENT = 100;

    /** Until the compiler has little left to do. */
    private static final int WARM_UPS = 3;

    private static final int TIMES = 4;

    /** What threads of the JVM do, by the beginning of their names. */
    private static final Map<String, String> OF_THE_JVM = new TreeMap<>(Map.of(
            "C1 ", "Compiling (JIT)",
            "C2 ", "Compiling (JIT)",
            "G1 ", "Collecting garbage",
            "GC ", "Collecting garbage",
            "VM ", "Collecting garbage",
            "JFR ", "Measuring (JFR)"));

    private Profiler() {}

    public static void main(String[] args) throws Exception {
        Options options = Options.of(args);
        Path scratch = Files.createTempDirectory(options.scratch(), "bench");
        try {
            Results results = new Results(
                    options.project().resolve("bench/results/" + LocalDate.now() + "-profile.json"), Map.of());
            for (Row row : Rows.all()) {
                boolean wanted = ROWS.contains(row.id()) && options.wants(row);
                if (wanted && row instanceof ServerRow load) {
                    results.add(profile(load, options, scratch));
                    results.write();
                }
            }
            System.out.println(MarkdownTable.profiles(results.content()));
        } finally {
            Scratch.delete(scratch);
        }
    }

    private static Profile profile(ServerRow row, Options options, Path scratch) throws Exception {
        Path recording = scratch.resolve(row.id() + ".jfr");
        Candidate candidate = new Candidates(options.project())
                .narwhal(
                        options.jar(),
                        List.of(
                                "-XX:StartFlightRecording:filename=" + recording
                                        + ",jdk.CPUTimeSample#enabled=true,jdk.CPUTimeSample#throttle=5ms,jdk.ExecutionSample#enabled=false"));
        try (RunningServer server = RunningServer.start(candidate, scratch.resolve(row.id()))) {
            for (int i = 0; i < WARM_UPS; i++) {
                load(row, server, options);
            }
            Instant begin = Instant.now();
            long pid = server.process().pid();
            ThreadTimes before = ThreadTimes.of(pid);
            double processor = server.figures().processorSeconds();
            long units = 0;
            for (int i = 0; i < TIMES; i++) {
                units += row.units(load(row, server, options), options);
            }
            processor = server.figures().processorSeconds() - processor;
            Map<String, Double> jvm = jvm(ThreadTimes.of(pid).since(before));
            Instant end = Instant.now();
            server.close();
            return new Profile(
                    row.id(),
                    row.processorUnit(),
                    row.processor(processor, units),
                    shares(processor, jvm, Samples.read(recording, begin, end)));
        }
    }

    private static Map<String, Double> jvm(Map<String, Double> kinds) {
        Map<String, Double> seconds = new HashMap<>();
        kinds.forEach((kind, used) -> OF_THE_JVM.forEach((beginning, does) -> {
            if (kind.startsWith(beginning.strip())) {
                seconds.merge(does, used, Double::sum);
            }
        }));
        return seconds;
    }

    /** @return percent, the largest first */
    private static Map<String, Double> shares(double processor, Map<String, Double> jvm, Map<String, Double> samples) {
        Map<String, Double> seconds = new HashMap<>(jvm);
        double java = processor
                - jvm.values().stream().mapToDouble(Double::doubleValue).sum();
        samples.forEach((activity, share) -> seconds.merge(activity, share * java, Double::sum));
        Map<String, Double> shares = new LinkedHashMap<>();
        seconds.entrySet().stream()
                .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
                .forEach(each -> shares.put(each.getKey(), PERCENT * each.getValue() / processor));
        return shares;
    }

    private static Load load(ServerRow row, RunningServer server, Options options) throws Exception {
        Disk.prepare(options.scratch(), row.bytes(options));
        Load load = row.load(server, options);
        server.awaitRest();
        row.tidy(server);
        return load;
    }
}
