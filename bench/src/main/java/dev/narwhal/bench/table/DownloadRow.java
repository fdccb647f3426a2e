package dev.narwhal.bench.table;

import static dev.narwhal.bench.table.BodyRow.MIB;

import dev.narwhal.bench.load.Load;
import dev.narwhal.bench.load.StreamLoads;
import dev.narwhal.bench.server.RunningServer;
import java.util.HashMap;
import java.util.Map;

/** GET of 1 GiB that lies in the page cache, or not, as the server has left it; the latency is that of the first byte. */
final class DownloadRow extends ServerRow {

    private static final long SIZE = 1024 * MIB;

    private final int streams;
    private final Map<RunningServer, String> paths = new HashMap<>();

    /** @param streams 1 for the whole file, more for ranges */
    DownloadRow(String id, String title, int streams) {
        super(id, title, "MiB/s", "s/GiB");
        this.streams = streams;
    }

    private long size(Options options) {
        return options.scaled(SIZE, streams * MIB);
    }

    @Override
    long bytes(Options options) {
        return 0;
    }

    @Override
    void prepare(RunningServer server, Options options) throws Exception {
        paths.put(server, StreamLoads.upload(server.target(), size(options)));
    }

    @Override
    Load load(RunningServer server, Options options) throws Exception {
        return StreamLoads.download(server.target(), paths.get(server), size(options), streams);
    }

    @Override
    Figures figures(Load load, double seconds, double peak, Options options) {
        return BodyRow.perByte(load, size(options), seconds, peak);
    }
}
