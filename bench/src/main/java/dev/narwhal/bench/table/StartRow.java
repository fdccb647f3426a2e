package dev.narwhal.bench.table;

import dev.narwhal.bench.load.Target;
import dev.narwhal.bench.load.TusConnection;
import dev.narwhal.bench.server.Candidate;
import dev.narwhal.bench.server.RunningServer;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** From the start of the process on an empty directory to the answer to the first upload. */
final class StartRow extends EachRow {

    private static final long LIMIT = TimeUnit.SECONDS.toNanos(120);
    private static final byte[] CONTENT = new byte[4096];

    StartRow(String id, String title) {
        super(id, title, "s", "s/start");
    }

    @Override
    Figures run(Bench bench, Candidate candidate, int round) throws Exception {
        long begin = System.nanoTime();
        try (RunningServer server = RunningServer.launch(candidate, bench.directory(this, candidate.name() + round))) {
            double seconds = untilUploaded(server.target(), begin);
            double processor = server.figures().processorSeconds();
            return new Figures(
                    seconds, Double.NaN, Double.NaN, processor, server.figures().peakMib(), Map.of());
        }
    }

    /** @return seconds since {@code begin} */
    static double untilUploaded(Target target, long begin) throws IOException, InterruptedException {
        while (System.nanoTime() < begin + LIMIT) {
            try (TusConnection tus = new TusConnection(target)) {
                tus.send(tus.creation(CONTENT.length, CONTENT.length), CONTENT, CONTENT.length);
                tus.expect(201, false);
                return (System.nanoTime() - begin) / 1e9;
            } catch (IOException notYet) {
                Thread.sleep(2);
            }
        }
        throw new IOException("No upload is accepted");
    }
}
