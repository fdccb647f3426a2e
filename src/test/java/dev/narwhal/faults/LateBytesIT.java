package dev.narwhal.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.DeliveredFiles;
import dev.narwhal.testkit.FaultRounds;
import dev.narwhal.testkit.HandFedPatch;
import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.testkit.PlainTus;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Connections that were given up come back to life after somebody else has taken the upload over: what they bring then is in
 * no file, neither this upload's nor, through a buffer that was lent again, another's.
 */
@Tag("faults")
@Timeout(value = 1, unit = TimeUnit.HOURS)
class LateBytesIT {

    private static final int ROUNDS = 2;
    private static final int UPLOADS = 6;
    private static final int TAKEOVERS = 5;
    private static final int SIZE = 4 << 20;
    private static final int LATE = 1 << 20;

    @TempDir
    private Path dir;

    @Test
    void displacedConnections_bringNothingMore() throws Exception {
        Random luck = FaultRounds.luck("LateBytesIT");
        try (NarwhalProcess server = NarwhalProcess.start(dir.resolve("data"));
                PlainTus tus = new PlainTus();
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int round = 0; round < FaultRounds.times(ROUNDS); round++) {
                List<Future<Path>> uploads = new ArrayList<>();
                for (int i = 0; i < UPLOADS; i++) {
                    long seed = luck.nextLong();
                    uploads.add(clients.submit(() -> new Contested(server, tus, new Random(seed)).run(dir)));
                }
                for (Future<Path> upload : uploads) {
                    Files.delete(upload.get());
                }
            }
        }
    }

    /** One upload that is taken over again and again; every connection that was given up is flooded with other bytes. */
    private static final class Contested {

        private final NarwhalProcess server;
        private final PlainTus tus;
        private final Random luck;
        private final byte[] content = new byte[SIZE];
        private final byte[] late = new byte[LATE];
        private final List<Thread> floods = new ArrayList<>();
        private final List<HandFedPatch> displaced = new ArrayList<>();

        Contested(NarwhalProcess server, PlainTus tus, Random luck) {
            this.server = server;
            this.tus = tus;
            this.luck = luck;
            luck.nextBytes(content);
            Arrays.fill(late, (byte) 0xEE);
        }

        /** @return the file with what was sent, of which the delivered one is a copy */
        Path run(Path dir) throws Exception {
            URI upload = tus.create(server.uploads(), SIZE, "contested.bin");
            HandFedPatch holder = HandFedPatch.begin(upload, 0, SIZE);
            int at = 0;
            for (int i = 0; i < TAKEOVERS; i++) {
                int to = at + 1 + luck.nextInt((SIZE - at) / 3);
                holder.send(content, at, to);
                awaitOffset(upload, to);
                HandFedPatch next = HandFedPatch.begin(upload, to, SIZE - to).send(content, to, to + 1);
                awaitOffset(upload, to + 1);
                flood(holder);
                holder = next;
                at = to + 1;
            }
            assertThat(holder.send(content, at, SIZE).status()).isEqualTo(204);
            holder.close();
            endFloods();
            Path expected = Files.write(Files.createTempFile(dir, "sent-", ".bin"), content);
            DeliveredFiles delivered = DeliveredFiles.in(server.delivered());
            delivered.assertHolds(upload, expected);
            Files.delete(delivered.await(upload));
            return expected;
        }

        private void awaitOffset(URI upload, long offset) {
            Awaitility.await()
                    .atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> tus.offset(upload) == offset);
        }

        private void flood(HandFedPatch given) {
            displaced.add(given);
            floods.add(Thread.startVirtualThread(() -> given.sendLate(late)));
        }

        private void endFloods() throws InterruptedException, IOException {
            for (HandFedPatch one : displaced) {
                assertThat(one.status()).as("a displaced body").isIn(423, 0);
                one.close();
            }
            for (Thread flood : floods) {
                flood.join();
            }
        }
    }
}
