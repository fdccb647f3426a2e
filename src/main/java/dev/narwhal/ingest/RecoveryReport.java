package dev.narwhal.ingest;

import dev.narwhal.staging.StagedFiles;
import dev.narwhal.upload.InventoryRepository;
import dev.narwhal.upload.InventoryRepository.Summary;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadKind;
import dev.narwhal.upload.UploadState;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.SmartInitializingSingleton;

/**
 * Logs at start what the previous process left unfinished. Logs nothing when no upload is open.
 *
 * <p>The report costs a few statements over the open uploads and checks at most 1,000 files: a start does not wait
 * for a walk over a disk. It changes nothing; the next append truncates a file that is too long.
 */
final class RecoveryReport implements SmartInitializingSingleton {

    private static final Logger log = LoggerFactory.getLogger(RecoveryReport.class);

    private static final int MOST_FILES = 1_000;

    private final InventoryRepository inventory;
    private final StagedFiles files;
    private final String volume;
    private final Clock clock;

    RecoveryReport(InventoryRepository inventory, StagedFiles files, String volume, Clock clock) {
        this.inventory = inventory;
        this.files = files;
        this.volume = volume;
        this.clock = clock;
    }

    @Override
    public void afterSingletonsInstantiated() {
        long begun = System.nanoTime();
        Summary summary = inventory.summary(volume, clock.instant());
        FileCounts counts = countFiles();
        long took = Duration.ofNanos(System.nanoTime() - begun).toMillis();
        if (summary.receiving() + summary.finished() + summary.failed() > 0) {
            log.info("recovery.found {} took={}ms", text(summary, counts), took);
        }
        if (summary.elsewhere() > 0) {
            log.warn(
                    "recovery.elsewhere uploads={} they are staged on another volume: another server's, or a disk that is not"
                            + " mounted; they are answered 423 and left alone",
                    summary.elsewhere());
        }
        if (counts.damaged > 0) {
            log.error(
                    "recovery.damaged uploads={} their staged files are missing or shorter than their rows say",
                    counts.damaged);
        }
    }

    static String text(Summary summary, FileCounts counts) {
        return "unfinished=" + summary.receiving() + " bytes=" + summary.bytes()
                + " expired-while-away=" + summary.expired() + " waiting-for-delivery=" + summary.finished()
                + " failed=" + summary.failed() + " files-looked-at=" + counts.checked
                + " with-unrecorded-bytes=" + counts.longer + " (" + counts.unrecorded
                + " bytes, cut at the next append)"
                + (counts.checked < MOST_FILES ? "" : " other files are not looked at");
    }

    /**
     * Checks the files of unfinished uploads in the order of their random ids. Where there are too many, the checked
     * ones are a random sample.
     */
    private FileCounts countFiles() {
        FileCounts counts = new FileCounts();
        for (Upload upload : inventory.open(volume, UploadState.RECEIVING, null, MOST_FILES)) {
            if (upload.kind() != UploadKind.FINAL) {
                counts.add(upload, bytes(upload));
            }
        }
        return counts;
    }

    private OptionalLong bytes(Upload upload) {
        try {
            return files.bytes(upload.id());
        } catch (IOException e) {
            log.warn("recovery.unseen upload={} its staged file cannot be looked at: {}", upload.id(), e.toString());
            return OptionalLong.of(upload.offset());
        }
    }

    /** What the check of the files found. */
    static final class FileCounts {
        private long checked;
        private long longer;
        private long unrecorded;
        private long damaged;

        void add(Upload upload, OptionalLong bytes) {
            long there = bytes.orElse(0);
            checked++;
            if (there > upload.offset()) {
                longer++;
                unrecorded += there - upload.offset();
            }
            damaged += there < upload.offset() ? 1 : 0;
        }
    }
}
