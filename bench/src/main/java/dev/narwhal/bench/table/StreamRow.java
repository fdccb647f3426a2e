package dev.narwhal.bench.table;

import static dev.narwhal.bench.table.BodyRow.MIB;
import static dev.narwhal.bench.table.BodyRow.WARM_UP;

import dev.narwhal.bench.load.Load;
import dev.narwhal.bench.load.StreamLoads;
import dev.narwhal.bench.server.Disk;
import dev.narwhal.bench.server.RunningServer;
import java.util.Arrays;

/** One upload of 1 GiB, in chunks or with a checksum. */
final class StreamRow extends ServerRow {

    private static final long SIZE = 1024 * MIB;

    private final String algorithm;

    /** @param algorithm as tus names it; null for a body in chunks */
    StreamRow(String id, String title, String algorithm) {
        super(id, title, "MiB/s", "s/GiB");
        this.algorithm = algorithm;
    }

    @Override
    long bytes(Options options) {
        return options.scaled(SIZE, MIB);
    }

    /** A server without checksums ignores the header, so it is asked first. */
    @Override
    void prepare(RunningServer server, Options options) throws Exception {
        if (algorithm != null
                && !Arrays.asList(server.says("tus-checksum-algorithm").split("[, ]+"))
                        .contains(algorithm)) {
            throw new UnsupportedOperationException("has no " + algorithm);
        }
    }

    @Override
    Load load(RunningServer server, Options options) throws Exception {
        return algorithm == null
                ? StreamLoads.chunked(server.target(), bytes(options))
                : StreamLoads.checksummed(server.target(), bytes(options), algorithm);
    }

    @Override
    Figures figures(Load load, double seconds, double peak, Options options) {
        return BodyRow.perByte(load, bytes(options), seconds, peak);
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
}
