package dev.narwhal.bench.table;

import dev.narwhal.bench.load.Load;
import dev.narwhal.bench.server.Candidate;
import dev.narwhal.bench.server.Disk;
import dev.narwhal.bench.server.RunningServer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A load on each server in turn, round after round. The servers of a row start once, on empty directories, and get loads that
 * do not count, since some of them compile what they run.
 */
abstract class ServerRow extends NamedRow {

    /** @param unit of the rate, of which more is better */
    ServerRow(String id, String title, String unit, String processorUnit) {
        super(id, title, unit, true, processorUnit);
    }

    /** Bytes that a run fills memory with at most. */
    abstract long bytes(Options options);

    /** @throws UnsupportedOperationException when this server cannot do it */
    abstract Load load(RunningServer server, Options options) throws Exception;

    /** @param seconds of processor time */
    abstract Figures figures(Load load, double seconds, double peak, Options options);

    /** Of a profile: what its processor time is told for, in bytes or operations. */
    long units(Load load, Options options) {
        return load.operations();
    }

    /** @return processor time in the row's unit */
    double processor(double seconds, long units) {
        return seconds * 1e3 / units;
    }

    /** After each run, when the server is at rest. */
    void tidy(RunningServer server) throws Exception {}

    /** What a server needs before its first load. */
    void prepare(RunningServer server, Options options) throws Exception {}

    /** What the rounds ask for that do not count. */
    Options warmUp(Options options) {
        return options;
    }

    /** Rounds that do not count: what a request runs is compiled only after thousands of them. */
    int warmUps() {
        return 1;
    }

    /** Measures what is no server, such as the disk. */
    void limit(Bench bench, int round) throws Exception {}

    @Override
    public void measure(Bench bench) throws Exception {
        List<RunningServer> servers = new ArrayList<>();
        try {
            for (Candidate candidate : bench.candidates()) {
                start(bench, candidate, servers);
            }
            for (int round = 1 - warmUps(); bench.goesOn(round); round++) {
                limit(bench, round);
                for (RunningServer server : List.copyOf(servers)) {
                    if (!tried(bench, server, round)) {
                        servers.remove(server);
                        server.close();
                    }
                }
                // None is always the one after the same other.
                Collections.rotate(servers, 1);
            }
        } finally {
            servers.forEach(RunningServer::close);
        }
    }

    private void start(Bench bench, Candidate candidate, List<RunningServer> servers) throws InterruptedException {
        RunningServer server = null;
        try {
            server = RunningServer.start(candidate, bench.directory(this, candidate));
            prepare(server, bench.options());
            server.awaitRest();
            servers.add(server);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            bench.results().failed(this, candidate.name(), e);
            if (server != null) {
                server.close();
            }
        }
    }

    private boolean tried(Bench bench, RunningServer server, int round) throws InterruptedException {
        try {
            Figures figures = run(server, round <= 0 ? warmUp(bench.options()) : bench.options());
            bench.results().add(this, server.name(), round, figures);
            tidy(server);
            return true;
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            bench.results().failed(this, server.name(), e);
            return false;
        }
    }

    private Figures run(RunningServer server, Options options) throws Exception {
        Disk.prepare(options.scratch(), bytes(options));
        double before = server.figures().processorSeconds();
        server.figures().forgetPeak();
        Load load = load(server, options);
        server.awaitRest();
        double used = server.figures().processorSeconds() - before;
        return figures(load, used, server.figures().peakMib(), options);
    }
}
