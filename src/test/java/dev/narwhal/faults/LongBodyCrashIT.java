package dev.narwhal.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.testkit.DeliveredFiles;
import dev.narwhal.testkit.FaultProxy;
import dev.narwhal.testkit.GeneratedContent;
import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.testkit.PlainTus;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A large file in one PATCH, as browsers send it, and SIGKILL when four fifths of it are there: what is sent again is what
 * came since the last checkpoint. {@code -Dfaults.long-body=5120} makes it one of 5 GiB.
 */
@Tag("faults")
class LongBodyCrashIT {

    private static final Logger log = LoggerFactory.getLogger(LongBodyCrashIT.class);

    private static final long MIB = 1 << 20;
    private static final long SIZE = Long.getLong("faults.long-body", 300) * MIB;

    private static final long CHECKPOINT = 64 * MIB;

    /** What sockets and buffers hold, and what comes while a checkpoint is being written. */
    private static final long IN_FLIGHT = 16 * MIB;

    private static final Duration PATIENCE = Duration.ofMinutes(10);

    @TempDir
    Path dir;

    private final GeneratedContent content = new GeneratedContent(5, SIZE);

    @Test
    void killedAtFourFifths_goesOnNearThere() throws Exception {
        try (NarwhalProcess server = NarwhalProcess.start(dir.resolve("data"));
                FaultProxy line = FaultProxy.to(server.root());
                PlainTus tus = new PlainTus(PATIENCE)) {
            URI upload = tus.create(server.uploads(), SIZE, "long.bin");
            long sent = SIZE / 5 * 4;
            killAfter(sent, server, line, tus, upload);
            // Nobody has asked by HEAD meanwhile, which would have recorded what had come: the checkpoints alone have
            // to do.
            server.restart();
            long offset = tus.offset(upload);

            assertThat(offset).isBetween(sent - CHECKPOINT - IN_FLIGHT, sent);

            line.countAnew();
            assertThat(patch(tus, line.through(upload), offset).statusCode()).isEqualTo(204);
            log.info(
                    "crash.long-body bytes={} killed-at={} offset={} sent-twice={}",
                    SIZE,
                    sent,
                    offset,
                    sent + line.forwarded() - SIZE);
            requireDelivered(server, upload);
        }
    }

    private void killAfter(long bytes, NarwhalProcess server, FaultProxy line, PlainTus tus, URI upload) {
        line.holdAfter(bytes);
        try (ExecutorService client = Executors.newVirtualThreadPerTaskExecutor()) {
            var unused = client.submit(() -> patch(tus, line.through(upload), 0));
            Awaitility.await("the byte at which it is killed")
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(1))
                    .until(line::isHolding);
            server.kill();
            line.reset();
        }
    }

    private HttpResponse<String> patch(PlainTus tus, URI upload, long from) throws Exception {
        return tus.send(
                "PATCH",
                upload,
                BodyPublishers.fromPublisher(
                        BodyPublishers.ofInputStream(() -> content.stream(from, SIZE, position -> {})), SIZE - from),
                "Upload-Offset",
                String.valueOf(from),
                "Content-Type",
                "application/offset+octet-stream");
    }

    private void requireDelivered(NarwhalProcess server, URI upload) throws Exception {
        Path file = DeliveredFiles.in(server.delivered()).await(upload);
        try (InputStream delivered = Files.newInputStream(file)) {
            assertThat(content.mismatch(delivered))
                    .as("first byte that differs")
                    .isEmpty();
        }
    }
}
