package dev.narwhal.upload;

import static dev.narwhal.upload.UploadBuilder.upload;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sixteen clients move their offsets, and one more asks for finals of partials that are not there, as fast as it is refused.
 * What that costs the sixteen is logged: it depends on the disk.
 */
@Tag("faults")
@Timeout(120)
class RefusedFinalsIT {

    private static final Logger log = LoggerFactory.getLogger(RefusedFinalsIT.class);

    private static final int WRITERS = 16;
    private static final Duration WARM_UP = Duration.ofSeconds(5);
    private static final Duration MEASURED = Duration.ofSeconds(10);

    /** A final is refused for its partial, which the test knows not to be there. */
    private static final class RefusedException extends RuntimeException {}

    @TempDir
    private Path dataDirectory;

    private final AtomicLong advanced = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong slowest = new AtomicLong();

    @Test
    void refusedFinals_failNobodyElse() throws Exception {
        try (TestDatabase database = TestDatabase.h2(dataDirectory)) {
            UploadRepository uploads = database.repository(new RecordingDeliveries(database.jdbc()), Clock.systemUTC());
            measure(uploads, false, WARM_UP);
            measure(uploads, false, MEASURED);
            measure(uploads, true, MEASURED);
            assertThat(advanced).hasPositiveValue();
            assertThat(refused).hasPositiveValue();
        }
    }

    private void measure(UploadRepository uploads, boolean withRefusals, Duration time) throws Exception {
        advanced.set(0);
        refused.set(0);
        slowest.set(0);
        long end = System.nanoTime() + time.toNanos();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> refusals = executor.submit(() -> {
                while (withRefusals && System.nanoTime() < end) {
                    refuse(uploads);
                }
            });
            var unused = Race.run(WRITERS, writer -> {
                advanceUntil(uploads, end);
                return writer;
            });
            refusals.get();
        }
        log.info(
                "{} writers, {}: {} changes/s, slowest {} ms, {} refusals/s",
                WRITERS,
                withRefusals ? "and one that is refused" : "alone",
                advanced.get() / time.toSeconds(),
                slowest.get() / 1_000_000,
                refused.get() / time.toSeconds());
    }

    private void advanceUntil(UploadRepository uploads, long end) {
        Upload row = uploads.create(upload().length(Long.MAX_VALUE).build());
        while (System.nanoTime() < end) {
            long begun = System.nanoTime();
            row = uploads.advance(row, row.offset() + 1, 1).orElseThrow();
            slowest.accumulateAndGet(System.nanoTime() - begun, Math::max);
            advanced.incrementAndGet();
        }
    }

    private void refuse(UploadRepository uploads) {
        try {
            uploads.createFinal(UploadId.random(), Sight.OWNERLESS, List.of(UploadId.random()), rows -> {
                throw new RefusedException();
            });
        } catch (RefusedException e) {
            refused.incrementAndGet();
        }
    }
}
