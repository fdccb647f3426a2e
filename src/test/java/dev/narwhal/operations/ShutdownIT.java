package dev.narwhal.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.narwhal.operations.UnfinishedUpload.Kind;
import dev.narwhal.testkit.DeliveredFiles;
import dev.narwhal.testkit.NarwhalProcess;
import dev.narwhal.testkit.PlainTus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM in the middle of many uploads: the process goes by itself, soon, and every client goes on where HEAD says. */
@Tag("process")
class ShutdownIT {

    private static final Duration LIMIT = Duration.ofSeconds(6);
    private static final int UPLOADS = 50;
    private static final int TERMINATED = 143;

    @TempDir
    Path dir;

    @Test
    void terminate_underFiftyUploads_isOverSoon_andNothingAcknowledgedIsLost() throws Exception {
        try (NarwhalProcess server = NarwhalProcess.start(dir.resolve("data"));
                PlainTus tus = new PlainTus()) {
            List<UnfinishedUpload> uploads = begin(server, tus);
            awaitAllOnTheirWay(server, uploads);

            server.terminate();
            Awaitility.await("the process ends by itself")
                    .atMost(LIMIT)
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> !server.isAlive());

            assertThat(server.awaitExit()).isEqualTo(TERMINATED);
            assertThat(server.log())
                    .contains("server.bodies-stopped")
                    .doesNotContain("server.stop-cut-short", "\tat ", "ERROR");
            for (UnfinishedUpload upload : uploads) {
                assertRetriable(upload);
            }
            server.restart();
            for (UnfinishedUpload upload : uploads) {
                assertGoesOn(server, tus, upload);
            }
        }
    }

    private static List<UnfinishedUpload> begin(NarwhalProcess server, PlainTus tus) throws Exception {
        List<UnfinishedUpload> uploads = new ArrayList<>();
        for (int number = 0; number < UPLOADS; number++) {
            Kind kind = Kind.values()[number % Kind.values().length];
            // Last, so that they are still at it.
            if (kind != Kind.FAST) {
                uploads.add(UnfinishedUpload.begin(tus, server.uploads(), kind, number));
            }
        }
        for (int number = 0; uploads.size() < UPLOADS; number++) {
            uploads.add(UnfinishedUpload.begin(tus, server.uploads(), Kind.FAST, UPLOADS + number));
        }
        return uploads;
    }

    private static void awaitAllOnTheirWay(NarwhalProcess server, List<UnfinishedUpload> uploads) {
        Awaitility.await("bodies under way")
                .atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> Scrape.of(server.root()).value("narwhal_bodies_active") == UPLOADS
                        && uploads.stream().allMatch(upload -> upload.sent > 100_000));
    }

    /** An answer that stock clients try again after, or none at all. */
    private static void assertRetriable(UnfinishedUpload upload) throws Exception {
        String answer = upload.answer.get(60, TimeUnit.SECONDS);
        if (!answer.isEmpty()) {
            assertThat(answer)
                    .as(upload.kind.toString())
                    .startsWith("HTTP/1.1 503")
                    .contains("SERVER_STOPPING", "Retry-After: ");
        }
    }

    private void assertGoesOn(NarwhalProcess server, PlainTus tus, UnfinishedUpload upload) throws Exception {
        long offset = tus.offset(upload.url);
        assertThat(offset).as(upload.kind.toString()).isBetween(upload.acknowledged(), upload.sent);
        switch (upload.kind) {
            case CHECKSUMMED -> assertThat(offset).isEqualTo(upload.acknowledged());
            case SILENT -> assertThat(offset).isEqualTo(upload.sent);
            case SLOW, FAST -> assertThat(offset).isGreaterThan(upload.acknowledged());
        }
        assertThat(tus.patch(upload.url, offset, upload.from(offset)).statusCode())
                .isEqualTo(204);
        DeliveredFiles.in(server.delivered()).assertHolds(upload.url, upload.expected(dir));
    }
}
