package dev.narwhal.bench.table;

import dev.narwhal.bench.DeliveryRuns;
import dev.narwhal.bench.server.Candidates;
import dev.narwhal.bench.server.Disk;
import dev.narwhal.bench.server.Minio;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** 1 GiB from a file to its object on MinIO: through Narwhal, and by a plain multipart upload. */
final class StoreRow extends NamedRow {

    private static final long MIB = 1024;
    private static final double MIB_PER_GIB = 1024;

    StoreRow(String id, String title) {
        super(id, title, "s", false, "s/GiB");
    }

    @Override
    public void measure(Bench bench) throws Exception {
        Path scratch = Files.createDirectories(bench.directory(this, "minio"));
        long mib = bench.options().scaled(MIB, 1);
        try (Minio minio = Minio.start(new Candidates(bench.options().project()).minio(), scratch.resolve("store"));
                DeliveryRuns runs = DeliveryRuns.of(
                        scratch,
                        "jar=" + bench.options().jar(),
                        "mib=" + mib,
                        "endpoint=" + minio.endpoint(),
                        "access-key=" + Minio.ACCESS_KEY,
                        "secret-key=" + Minio.SECRET_KEY);
                DeliveryRuns.Through narwhal = runs.server()) {
            for (int round = 0; bench.goesOn(round); round++) {
                Disk.prepare(bench.options().scratch(), 2 * mib << 20);
                bench.results().add(this, Candidates.PLAIN, round, figures(runs.plain(), mib));
                Disk.prepare(bench.options().scratch(), 2 * mib << 20);
                bench.results().add(this, Candidates.NARWHAL, round, figures(narwhal.run(), mib));
            }
        }
    }

    private static Figures figures(DeliveryRuns.Run run, long mib) {
        return new Figures(
                run.whole(),
                Double.NaN,
                Double.NaN,
                run.processor() == 0 ? Double.NaN : run.processor() / mib * MIB_PER_GIB,
                Double.NaN,
                Map.of("s after the last byte", run.delivery()));
    }
}
