package dev.narwhal.bench.table;

import static dev.narwhal.bench.table.BodyRow.MIB;

import dev.narwhal.bench.load.Answer;
import dev.narwhal.bench.load.Loads;
import dev.narwhal.bench.load.Target;
import dev.narwhal.bench.load.TusConnection;
import dev.narwhal.bench.server.Candidate;
import dev.narwhal.bench.server.Candidates;
import dev.narwhal.bench.server.RunningServer;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** From SIGKILL in the middle of a body to the answer to the next KiB, with the server started again at once. */
final class KillRow extends EachRow {

    private static final long LIMIT = TimeUnit.SECONDS.toNanos(120);
    private static final long SENT = 96 * MIB;
    private static final int KIB = 1024;

    KillRow(String id, String title) {
        super(id, title, "s", "s/start");
    }

    @Override
    Figures run(Bench bench, Candidate candidate, int round) throws Exception {
        if (candidate.name().equals(Candidates.LIMIT)) {
            throw new UnsupportedOperationException("remembers no upload");
        }
        try (RunningServer server = RunningServer.start(candidate, bench.directory(this, candidate.name() + round))) {
            try (TusConnection tus = new TusConnection(server.target())) {
                String path = tus.create(2 * SENT);
                tus.send(tus.patch(path, 0, TusConnection.contentLength(2 * SENT)));
                tus.send(Loads.block(), SENT);
                server.awaitRest();
                long begin = System.nanoTime();
                server.kill();
                server.begin();
                long offset = resume(server.target(), path, begin);
                return new Figures(
                        (System.nanoTime() - begin) / 1e9,
                        Double.NaN,
                        Double.NaN,
                        server.figures().processorSeconds(),
                        server.figures().peakMib(),
                        Map.of("MiB sent", (double) SENT / MIB, "MiB kept", (double) offset / MIB));
            }
        }
    }

    /** @return the offset at which it went on */
    private static long resume(Target target, String path, long begin) throws IOException, InterruptedException {
        while (System.nanoTime() < begin + LIMIT) {
            try (TusConnection tus = new TusConnection(target)) {
                tus.send(tus.head("HEAD", path, ""));
                Answer answer = tus.next(true);
                if (answer.status() == 404 || answer.status() == 410) {
                    throw new IllegalStateException("The upload is lost: " + answer);
                }
                long offset = Long.parseLong(answer.header("upload-offset"));
                tus.send(tus.patch(path, offset, TusConnection.contentLength(KIB)));
                tus.send(Loads.block(), KIB);
                tus.expect(204, true);
                return offset;
            } catch (IOException | NumberFormatException notYet) {
                Thread.sleep(2);
            }
        }
        throw new IOException("The upload does not go on");
    }
}
