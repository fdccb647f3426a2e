package dev.narwhal.bench.table;

import dev.narwhal.bench.load.Load;
import dev.narwhal.bench.load.Loads;
import dev.narwhal.bench.server.Candidates;
import dev.narwhal.bench.server.Disk;
import dev.narwhal.bench.server.RunningServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Large bodies. */
final class BodyRow extends ServerRow {

    static final long MIB = 1 << 20;
    static final double WARM_UP = 0.25;
    private static final double MIB_PER_GIB = 1024;

    /** One has few PATCHes. */
    private static final int WARM_UPS_IN_PATCHES = 4;

    private final int streams;
    private final long size;
    private final long chunk;

    /** @param chunk bytes of one PATCH; 0 for all in one */
    BodyRow(String id, String title, int streams, long size, long chunk) {
        super(id, title, "MiB/s", "s/GiB");
        this.streams = streams;
        this.size = size;
        this.chunk = chunk;
    }

    @Override
    long bytes(Options options) {
        return streams * options.scaled(size, MIB);
    }

    @Override
    Load load(RunningServer server, Options options) throws Exception {
        long each = options.scaled(size, MIB);
        return Loads.bodies(server.target(), streams, each, chunk == 0 ? each : chunk);
    }

    @Override
    Figures figures(Load load, double seconds, double peak, Options options) {
        return perByte(load, bytes(options), seconds, peak);
    }

    @Override
    int warmUps() {
        return chunk == 0 ? super.warmUps() : WARM_UPS_IN_PATCHES;
    }

    @Override
    long units(Load load, Options options) {
        return bytes(options);
    }

    @Override
    double processor(double seconds, long units) {
        return seconds / units * MIB * MIB_PER_GIB;
    }

    static Figures perByte(Load load, long bytes, double seconds, double peak) {
        double mib = (double) bytes / MIB;
        return new Figures(
                mib / load.seconds(),
                load.percentile(0.5),
                load.percentile(0.99),
                seconds / mib * MIB_PER_GIB,
                peak,
                Map.of());
    }

    /** Less is enough to have all compiled. */
    @Override
    Options warmUp(Options options) {
        return options.times(WARM_UP);
    }

    @Override
    void tidy(RunningServer server) throws Exception {
        Disk.deleteLarge(server.directory());
    }

    /** As fast as the disk takes one stream past the page cache. */
    @Override
    void limit(Bench bench, int round) throws Exception {
        if (streams > 1 || !bench.options().wantsPeer(Candidates.DD)) {
            return;
        }
        Path file = bench.scratch().resolve("dd");
        Disk.prepare(bench.options().scratch(), bytes(bench.options()));
        long mib = bytes(bench.options()) / MIB;
        long begin = System.nanoTime();
        Disk.command("dd", "if=/dev/zero", "of=" + file, "bs=1M", "count=" + mib, "oflag=direct", "conv=fdatasync");
        double seconds = (System.nanoTime() - begin) / 1e9;
        Files.delete(file);
        bench.results().add(this, Candidates.DD, round, Figures.ofRate(mib / seconds));
    }
}
