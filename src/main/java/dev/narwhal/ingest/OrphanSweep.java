package dev.narwhal.ingest;

import dev.narwhal.ingest.CleanupProperties.Orphans;
import dev.narwhal.staging.StagedFiles.StagedFile;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds staged files without a row: a crash during a creation leaves them, or a power cut during a removal. The sweep
 * removes such a file only if removal is switched on, the file has not been written to for {@code orphan-age}, and
 * the file still has no row under its lease. A creation holds that lease until its row exists.
 *
 * <p>After the restore of an older database backup, files of good uploads have no row either. Therefore the sweep
 * counts all orphans first. If too many of them have bytes, it removes only the empty ones.
 */
final class OrphanSweep {

    private static final Logger log = LoggerFactory.getLogger(OrphanSweep.class);

    private static final int BATCH = 500;

    private final OrphanFiles files;
    private final CleanupProperties settings;
    private final Clock clock;

    OrphanSweep(OrphanFiles files, CleanupProperties settings, Clock clock) {
        this.files = files;
        this.settings = settings;
        this.clock = clock;
    }

    /**
     * The result of one run.
     *
     * @param files staged files
     * @param orphans those without a row that are old enough
     * @param filled orphans that have bytes
     * @param bytes of all orphans
     * @param removed orphans that were removed
     */
    record Result(long files, long orphans, long filled, long bytes, long removed) {}

    /**
     * Checks every staged file, a batch at a time; twice when there are orphans to remove.
     *
     * @param stopping asked after each batch and before each removal; true ends the run
     * @throws IOException when a directory cannot be read
     */
    Result run(BooleanSupplier stopping) throws IOException {
        if (settings.orphans() == Orphans.OFF) {
            return new Result(0, 0, 0, 0, 0);
        }
        Totals found = new Totals();
        files.walk(BATCH, some -> {
            found.files += some.size();
            files.among(some, this::isOld).forEach(orphan -> found(orphan, found));
            return !stopping.getAsBoolean();
        });
        if (settings.orphans() == Orphans.REMOVE && found.orphans > 0 && !stopping.getAsBoolean()) {
            remove(found, stopping);
        }
        report(found);
        return found.result();
    }

    private void remove(Totals found, BooleanSupplier stopping) throws IOException {
        boolean tooMany = found.filled * 100 > (long) settings.orphanShare() * found.files;
        if (tooMany) {
            log.error(
                    "orphans.too-many files={} without-row={} none that has bytes is removed: is the database older than the"
                            + " staged files? When it is not, raise narwhal.cleanup.orphan-share ({}) for one run",
                    found.files,
                    found.filled,
                    settings.orphanShare());
        }
        files.walk(BATCH, some -> {
            for (StagedFile orphan : files.among(some, this::isOld)) {
                if (stopping.getAsBoolean()) {
                    return false;
                }
                if (!tooMany || orphan.bytes() == 0) {
                    found.removed += files.removed(orphan, this::isOld) ? 1 : 0;
                }
            }
            return true;
        });
    }

    private boolean isOld(StagedFile file) {
        Instant young = clock.instant().minus(settings.orphanAge());
        return file.modified().isBefore(young);
    }

    private void found(StagedFile orphan, Totals totals) {
        totals.orphans++;
        totals.filled += orphan.bytes() > 0 ? 1 : 0;
        totals.bytes += orphan.bytes();
        log.warn(
                "orphan.found upload={} bytes={} modified={} it has no row",
                orphan.id(),
                orphan.bytes(),
                orphan.modified());
    }

    private void report(Totals found) {
        if (found.orphans > 0) {
            log.warn(
                    "orphans.done files={} without-row={} bytes={} removed={}{}",
                    found.files,
                    found.orphans,
                    found.bytes,
                    found.removed,
                    settings.orphans() == Orphans.REPORT
                            ? " nothing is removed unless narwhal.cleanup.orphans=remove"
                            : "");
        }
    }

    private static final class Totals {
        private long files;
        private long orphans;
        private long filled;
        private long bytes;
        private long removed;

        Result result() {
            return new Result(files, orphans, filled, bytes, removed);
        }
    }
}
