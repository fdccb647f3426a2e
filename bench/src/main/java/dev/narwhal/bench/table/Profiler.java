package dev.narwhal.bench.table;

import dev.narwhal.bench.Scratch;
import dev.narwhal.bench.server.Candidate;
import dev.narwhal.bench.server.Candidates;
import dev.narwhal.bench.server.Disk;
import dev.narwhal.bench.server.RunningServer;
import dev.narwhal.bench.server.ThreadTimes;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;

/** Where Narwhal's processor time goes in P1 and P3w: by kinds of threads, as the kernel counts it, and by places in the code. */
public final class Profiler {

    private static final List<String> ROWS = List.of("P1", "P3w");
    private static final int TIMES = 3;

    private Profiler() {}

    public static void main(String[] args) throws Exception {
        Options options = Options.of(args);
        Path scratch = Files.createTempDirectory(options.scratch(), "bench");
        try {
            Results results = new Results(
                    options.project().resolve("bench/results/" + LocalDate.now() + "-profile.json"), Map.of());
            for (Row row : Rows.all()) {
                if (ROWS.contains(row.id()) && row instanceof ServerRow load) {
                    Profile profile = profile(load, options, scratch);
                    System.out.println(profile);
                    results.add(profile);
                    results.write();
                }
            }
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
            load(row, server, options);
            Instant begin = Instant.now();
            ThreadTimes before = ThreadTimes.of(server.process().pid());
            for (int i = 0; i < TIMES; i++) {
                load(row, server, options);
            }
            Map<String, Double> threads = ThreadTimes.of(server.process().pid()).sharesSince(before);
            server.close();
            return new Profile(row.id(), threads, Samples.read(recording, begin));
        }
    }

    private static void load(ServerRow row, RunningServer server, Options options) throws Exception {
        Disk.prepare(options.scratch(), row.bytes(options));
        row.load(server, options);
        server.awaitRest();
        row.tidy(server);
    }
}
