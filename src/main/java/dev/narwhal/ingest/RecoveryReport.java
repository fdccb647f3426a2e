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
 * Says at a start what the process before has left, and what becomes of it. Nothing at all on a server that has nothing open.
 *
 * <p>It costs a few statements over the open uploads, and a look at no more than 1,000 files: a start does not wait for a
 * walk over a disk. Nothing is changed here; a file that is too long is cut when somebody appends to it.
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
        Look look = look();
        long took = Duration.ofNanos(System.nanoTime() - begun).toMillis();
        if (summary.receiving() + summary.finished() + summary.failed() > 0) {
            log.info("recovery.found {} took={}ms", text(summary, look), took);
        }
        if (summary.elsewhere() > 0) {
            log.warn(
                    "recovery.elsewhere uploads={} they are staged on another volume: another server's, or a disk that is not"
                            + " mounted; they are answered 423 and left alone",
                    summary.elsewhere());
        }
        if (look.damaged > 0) {
            log.error(
                    "recovery.damaged uploads={} their staged files are missing or shorter than their rows say",
                    look.damaged);
        }
    }

    static String text(Summary summary, Look look) {
        return "unfinished=" + summary.receiving() + " bytes=" + summary.bytes()
                + " expired-while-away=" + summary.expired() + " waiting-for-delivery=" + summary.finished()
                + " failed=" + summary.failed() + " files-looked-at=" + look.looked
                + " with-unrecorded-bytes=" + look.longer + " (" + look.unrecorded
                + " bytes, cut at the next append)"
                + (look.looked < MOST_FILES ? "" : " other files are not looked at");
    }

    /** At the files of unfinished uploads, which are random ones where there are many: their order is that of their ids. */
    private Look look() {
        Look look = new Look();
        for (Upload upload : inventory.open(volume, UploadState.RECEIVING, "", MOST_FILES)) {
            if (upload.kind() != UploadKind.FINAL) {
                look.at(upload, bytes(upload));
            }
        }
        return look;
    }

    private OptionalLong bytes(Upload upload) {
        try {
            return files.bytes(upload.id());
        } catch (IOException e) {
            log.warn("recovery.unseen upload={} its staged file cannot be looked at: {}", upload.id(), e.toString());
            return OptionalLong.of(upload.offset());
        }
    }

    /** What the files have shown. */
    static final class Look {
        private long looked;
        private long longer;
        private long unrecorded;
        private long damaged;

        void at(Upload upload, OptionalLong bytes) {
            long there = bytes.orElse(-1);
            looked++;
            if (there > upload.offset()) {
                longer++;
                unrecorded += there - upload.offset();
            }
            damaged += there < upload.offset() ? 1 : 0;
        }
    }
}
