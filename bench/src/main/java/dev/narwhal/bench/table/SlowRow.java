package dev.narwhal.bench.table;

import static dev.narwhal.bench.table.BodyRow.MIB;

import dev.narwhal.bench.load.Load;
import dev.narwhal.bench.load.Loads;
import dev.narwhal.bench.load.SlowCrowd;
import dev.narwhal.bench.server.Candidate;
import dev.narwhal.bench.server.Disk;
import dev.narwhal.bench.server.RunningServer;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** 10,000 slow uploads at once, twice in a row on one server, and a fast one beside them. */
final class SlowRow extends NamedRow {

    private static final int UPLOADS = 10_000;
    private static final int SECONDS = 20;
    private static final int MEASURED_AT = 10;
    private static final int TIMES = 2;
    private static final long FAST = 256 * MIB;

    SlowRow(String id, String title) {
        super(id, title, "MiB resident", false, "s/20 s");
    }

    @Override
    public void measure(Bench bench) throws Exception {
        for (Candidate candidate : bench.candidates()) {
            try (RunningServer server = RunningServer.start(candidate, bench.directory(this, candidate))) {
                for (int time = 1; time <= TIMES; time++) {
                    bench.results().add(this, server.name(), time, run(server, bench.options()));
                    Disk.deleteLarge(server.directory());
                    server.awaitRest();
                }
            } catch (InterruptedException e) {
                throw e;
            } catch (Exception e) {
                bench.results().failed(this, candidate.name(), e);
            }
        }
    }

    private static Figures run(RunningServer server, Options options) throws Exception {
        int count = (int) options.scaled(UPLOADS, 1);
        Disk.prepare(options.scratch(), FAST);
        server.figures().forgetPeak();
        long begin = System.nanoTime();
        try (SlowCrowd crowd = new SlowCrowd(server.target(), count, SECONDS)) {
            double opened = (System.nanoTime() - begin) / 1e9;
            double before = server.figures().processorSeconds();
            for (int second = 0; second < MEASURED_AT; second++) {
                crowd.second();
            }
            double used = server.figures().processorSeconds() - before;
            double resident = server.figures().residentMib();
            CompletableFuture<Load> fast = CompletableFuture.supplyAsync(() -> fast(server, options));
            for (int second = MEASURED_AT; second < SECONDS; second++) {
                crowd.second();
            }
            int failed = crowd.finish();
            return new Figures(
                            resident,
                            Double.NaN,
                            Double.NaN,
                            used * SECONDS / MEASURED_AT,
                            server.figures().peakMib(),
                            Map.of())
                    .with(Map.of(
                            "failed of " + count,
                            (double) failed,
                            "fast upload MiB/s",
                            options.scaled(FAST, MIB)
                                    / (double) MIB
                                    / fast.join().seconds(),
                            "s to open all",
                            opened));
        }
    }

    private static Load fast(RunningServer server, Options options) {
        long size = options.scaled(FAST, MIB);
        try {
            return Loads.bodies(server.target(), 1, size, size);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
