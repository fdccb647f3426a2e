package dev.narwhal.bench.table;

import static dev.narwhal.bench.table.BodyRow.MIB;

import dev.narwhal.bench.load.HugeUpload;
import dev.narwhal.bench.server.Candidate;
import dev.narwhal.bench.server.Candidates;
import dev.narwhal.bench.server.Disk;
import dev.narwhal.bench.server.LiveHeap;
import dev.narwhal.bench.server.RunningServer;
import dev.narwhal.bench.server.SinkStore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * An upload of 1 TiB on its way to a store that counts parts and keeps none: 100,000 PATCHes first, then large ones for as long as
 * {@code seconds} says, or to the end. The server is the ordinary one. Staged bytes whose parts the store has are taken from below
 * it: the file becomes a hole there, so that the disk needs no room for them. One measured run.
 */
final class HugeRow extends NamedRow {

    private static final long LENGTH = 1L << 40;
    private static final int PATCHES = 100_000;
    private static final long SMALL = 64 << 10;
    private static final long LARGE = 256 * MIB;
    private static final long PUNCHED = 512 * MIB;
    private static final int MOST_PARTS = 10_000;
    private static final int TENTHS = 10;
    private static final long END_LIMIT = TimeUnit.MINUTES.toNanos(5);

    HugeRow(String id, String title) {
        super(id, title, "ms", false, "ms/PATCH");
    }

    @Override
    public void measure(Bench bench) throws Exception {
        if (!bench.options().wantsPeer(Candidates.NARWHAL)) {
            return;
        }
        Path directory = bench.directory(this, Candidates.NARWHAL);
        try (SinkStore store = SinkStore.start();
                RunningServer server =
                        RunningServer.start(delivering(bench.candidates().getFirst(), store), directory);
                HugeUpload upload = new HugeUpload(server.target(), LENGTH)) {
            new Run(bench, store, server, upload, new Hole(directory, upload.id())).measure(this);
        }
    }

    private static Candidate delivering(Candidate narwhal, SinkStore store) {
        return new Candidate(narwhal.name(), narwhal.path(), (port, directory) -> {
            List<String> command = new ArrayList<>(narwhal.command().of(port, directory));
            command.addAll(store.settings());
            return command;
        });
    }

    /** The beginning of the staged file, without blocks on the disk. */
    private static final class Hole {

        private final Path file;
        private long end;

        Hole(Path directory, String id) {
            file = directory.resolve("staging").resolve(id.substring(0, 2)).resolve(id);
        }

        void reach(long sent) throws IOException, InterruptedException {
            if (sent - end >= PUNCHED) {
                String bytes = Long.toString(sent - end);
                Disk.command(
                        "fallocate",
                        "--punch-hole",
                        "--offset",
                        Long.toString(end),
                        "--length",
                        bytes,
                        file.toString());
                end = sent;
            }
        }
    }

    /** A tenth of the small PATCHes. */
    private record Tenth(double p50, double p99, double processor, double resident, double heap) {}

    private record Run(Bench bench, SinkStore store, RunningServer server, HugeUpload upload, Hole hole) {

        void measure(HugeRow row) throws Exception {
            int each = (int) bench.options().scaled(PATCHES, TENTHS) / TENTHS;
            List<Tenth> tenths = new ArrayList<>();
            patches(each / 2);
            for (int i = 1; i <= TENTHS; i++) {
                Tenth tenth = patches(each);
                tenths.add(tenth);
                System.out.printf("%-10s PATCHes to %d: %s%n", row.id(), i * each, tenth);
            }
            Map<String, Double> facts = new LinkedHashMap<>();
            facts.put("MiB/s in PATCHes of 256 MiB", large(bench.options().seconds()));
            facts.put("live heap MiB, first tenth", tenths.getFirst().heap());
            facts.put("live heap MiB, last tenth", tenths.getLast().heap());
            facts.put("live heap MiB, at the end", LiveHeap.mib(server.process().pid()));
            facts.put("resident MiB, first tenth", tenths.getFirst().resident());
            facts.put("resident MiB, last tenth", tenths.getLast().resident());
            facts.put("resident MiB, at the end", server.figures().residentMib());
            facts.put("GiB received", (double) upload.offset() / MIB / 1024);
            end();
            parts(facts);
            bench.results().add(row, Candidates.FIRST, 1, figures(tenths.getFirst()));
            bench.results()
                    .add(row, Candidates.NARWHAL, 1, figures(tenths.getLast()).with(facts));
        }

        private Figures figures(Tenth tenth) throws IOException {
            return new Figures(
                    tenth.p50(),
                    tenth.p50(),
                    tenth.p99(),
                    tenth.processor(),
                    server.figures().peakMib(),
                    Map.of());
        }

        private Tenth patches(int count) throws IOException, InterruptedException {
            long[] nanos = new long[count];
            double before = server.figures().processorSeconds();
            for (int i = 0; i < count; i++) {
                nanos[i] = upload.patch(SMALL);
                if (i % 1000 == 0) {
                    hole.reach(store.contiguous());
                }
            }
            double used = server.figures().processorSeconds() - before;
            Arrays.sort(nanos);
            return new Tenth(
                    nanos[count / 2] / 1e6,
                    nanos[(int) (count * 0.99)] / 1e6,
                    used * 1e3 / count,
                    server.figures().residentMib(),
                    LiveHeap.mib(server.process().pid()));
        }

        /** @return MiB a second */
        private double large(int seconds) throws IOException, InterruptedException {
            long begin = System.nanoTime();
            long limit = TimeUnit.SECONDS.toNanos(seconds);
            long from = upload.offset();
            while (!upload.isComplete() && (seconds == 0 || System.nanoTime() - begin < limit)) {
                upload.patch(LARGE);
                hole.reach(store.contiguous());
                awaitStore(upload.offset() - 32 * PUNCHED);
            }
            return (double) (upload.offset() - from) / MIB / ((System.nanoTime() - begin) / 1e9);
        }

        /** The disk has room for so much that the store does not have. */
        private void awaitStore(long bytes) throws IOException, InterruptedException {
            while (store.contiguous() < bytes) {
                Thread.sleep(100);
                hole.reach(store.contiguous());
            }
        }

        private void end() throws IOException, InterruptedException {
            boolean complete = upload.isComplete();
            if (!complete) {
                upload.terminate();
            }
            long limit = System.nanoTime() + END_LIMIT;
            while (complete ? !store.isCompleted() : !store.isAborted()) {
                if (System.nanoTime() > limit) {
                    throw new IOException("The store's upload does not end");
                }
                Thread.sleep(100);
            }
        }

        private void parts(Map<String, Double> facts) {
            long size = store.parts().firstEntry().getValue();
            long planned = Math.ceilDiv(LENGTH, size);
            boolean alike = store.parts().entrySet().stream()
                    .allMatch(part -> part.getValue() == Math.min(size, LENGTH - (part.getKey() - 1) * size));
            if (planned > MOST_PARTS || !alike || store.begun() != 1) {
                throw new IllegalStateException("A wrong plan: " + planned + " parts, sent " + store.parts());
            }
            facts.put("MiB of a part", (double) size / MIB);
            facts.put("parts of the whole", (double) planned);
            facts.put("parts sent", (double) store.parts().size());
            facts.put("finished (1) or ended early (0)", upload.isComplete() ? 1.0 : 0.0);
        }
    }
}
