package dev.narwhal.ingest;

import dev.narwhal.staging.StagedFiles.StagedFile;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes the bytes of creations that the end of the former process has cut: their rows were never added, and no client knows them.
 * Leaves alone what was staged before the database was {@linkplain DatabaseAge#completeSince complete}.
 */
final class CutCreations {

    private static final Logger log = LoggerFactory.getLogger(CutCreations.class);

    private static final int BATCH = 500;

    private final OrphanFiles orphans;
    private final Supplier<Instant> completeSince;
    private final Instant started;

    /** @param started files written since then are this process's */
    CutCreations(OrphanFiles orphans, Supplier<Instant> completeSince, Instant started) {
        this.orphans = orphans;
        this.completeSince = completeSince;
        this.started = started;
    }

    /**
     * Checks every staged file once, a batch at a time.
     *
     * @param stopping asked after each batch; true ends the run
     * @return the number of removed files
     * @throws IOException when a directory cannot be read
     */
    long remove(BooleanSupplier stopping) throws IOException {
        LongAdder removed = new LongAdder();
        orphans.walk(BATCH, some -> {
            orphans.among(some, this::isCut).stream()
                    .filter(orphan -> orphans.removed(orphan, this::isCut))
                    .forEach(orphan -> removed.increment());
            return !stopping.getAsBoolean();
        });
        if (removed.sum() > 0) {
            log.info("creations.cut files={} their bodies were under way when the former process ended", removed.sum());
        }
        return removed.sum();
    }

    private boolean isCut(StagedFile file) {
        return file.modified().isAfter(completeSince.get()) && file.modified().isBefore(started);
    }
}
