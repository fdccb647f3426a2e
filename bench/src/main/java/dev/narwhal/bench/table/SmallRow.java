package dev.narwhal.bench.table;

import dev.narwhal.bench.load.Load;
import dev.narwhal.bench.load.Loads;
import dev.narwhal.bench.server.RunningServer;
import java.util.Map;

/** Many small uploads. */
final class SmallRow extends ServerRow {

    private static final int CONNECTIONS = 32;
    private static final int SIZE = 4096;
    private static final int WARM_UPS = 5;
    private static final double MILLIS = 1e3;

    private final int count;
    private final boolean withUpload;

    /** @param withUpload whether a creation has the content in its body; otherwise a PATCH follows */
    SmallRow(String id, String title, int count, boolean withUpload) {
        super(id, title, "uploads/s", "ms/upload");
        this.count = count;
        this.withUpload = withUpload;
    }

    private int count(Options options) {
        return (int) options.scaled(count, CONNECTIONS);
    }

    @Override
    long bytes(Options options) {
        return 4L * SIZE * count(options);
    }

    @Override
    Load load(RunningServer server, Options options) throws Exception {
        return withUpload
                ? Loads.creationsWithUpload(server.target(), CONNECTIONS, count(options), SIZE)
                : Loads.creationsAndPatches(server.target(), CONNECTIONS, count(options), SIZE);
    }

    @Override
    Figures figures(Load load, double seconds, double peak, Options options) {
        return perOperation(load, seconds, peak);
    }

    @Override
    int warmUps() {
        return WARM_UPS;
    }

    static Figures perOperation(Load load, double seconds, double peak) {
        return new Figures(
                load.operations() / load.seconds(),
                load.percentile(0.5),
                load.percentile(0.99),
                seconds * MILLIS / load.operations(),
                peak,
                Map.of());
    }
}
