package dev.narwhal.bench.table;

import dev.narwhal.bench.load.Load;
import dev.narwhal.bench.load.Loads;
import dev.narwhal.bench.server.Candidate;
import dev.narwhal.bench.server.Candidates;
import dev.narwhal.bench.server.Disk;
import dev.narwhal.bench.server.RunningServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Small uploads to a server with 1,000,000 delivered ones, in turn with an empty server. */
final class MillionRow extends NamedRow {

    private static final long ROWS = 1_000_000;
    private static final int CONNECTIONS = 32;
    private static final int COUNT = 6_000;
    private static final int SIZE = 4096;

    MillionRow(String id, String title) {
        super(id, title, "uploads/s", true, "ms/upload");
    }

    @Override
    public void measure(Bench bench) throws Exception {
        if (!bench.options().wantsPeer(Candidates.NARWHAL)) {
            return;
        }
        Candidate narwhal = bench.candidates().getFirst();
        Path full = bench.directory(this, "full");
        double bytes = fill(narwhal, full, bench.options());
        Map<String, Double> facts = new LinkedHashMap<>();
        facts.put("bytes a row", bytes);
        try (RunningServer empty = started(narwhal, bench.directory(this, "empty"), "s to start, empty", facts);
                RunningServer million = started(narwhal, full, "s to start", facts)) {
            for (int round = 0; bench.goesOn(round); round++) {
                bench.results()
                        .add(
                                this,
                                Candidates.NARWHAL,
                                round,
                                run(million, bench.options()).with(facts));
                bench.results().add(this, Candidates.EMPTY, round, run(empty, bench.options()));
            }
        }
    }

    /** @return bytes of the database for each row */
    private static double fill(Candidate narwhal, Path directory, Options options) throws Exception {
        try (RunningServer server = RunningServer.start(narwhal, directory)) {
            Loads.creationsWithUpload(server.target(), 1, 1, SIZE);
            server.awaitRest();
        }
        long rows = options.scaled(ROWS, 1);
        Path database = directory.resolve("db/narwhal.mv.db");
        ManyRows.make(directory, rows);
        return (double) Files.size(database) / rows;
    }

    private static RunningServer started(Candidate narwhal, Path directory, String fact, Map<String, Double> facts)
            throws IOException, InterruptedException {
        long begin = System.nanoTime();
        RunningServer server = RunningServer.launch(narwhal, directory);
        facts.put(fact, StartRow.untilUploaded(server.target(), begin));
        return server;
    }

    private static Figures run(RunningServer server, Options options) throws Exception {
        Disk.prepare(options.scratch(), 0);
        double before = server.figures().processorSeconds();
        server.figures().forgetPeak();
        Load load =
                Loads.creationsWithUpload(server.target(), CONNECTIONS, (int) options.scaled(COUNT, CONNECTIONS), SIZE);
        server.awaitRest();
        return SmallRow.perOperation(
                load,
                server.figures().processorSeconds() - before,
                server.figures().peakMib());
    }
}
