package dev.narwhal.bench.table;

import dev.narwhal.bench.load.Load;
import dev.narwhal.bench.load.Loads;
import dev.narwhal.bench.server.RunningServer;

/** HEAD, as clients ask where to go on. */
final class HeadRow extends ServerRow {

    private static final int CONNECTIONS = 32;

    private final double seconds;

    HeadRow(String id, String title, double seconds) {
        super(id, title, "HEAD/s", "ms/HEAD");
        this.seconds = seconds;
    }

    @Override
    long bytes(Options options) {
        return 0;
    }

    @Override
    Load load(RunningServer server, Options options) throws Exception {
        return Loads.heads(server.target(), CONNECTIONS, seconds * options.scale());
    }

    @Override
    Figures figures(Load load, double seconds, double peak, Options options) {
        return SmallRow.perOperation(load, seconds, peak);
    }
}
