package dev.narwhal.ingest;

import dev.narwhal.lease.Lease;
import dev.narwhal.lease.UploadLeases;
import dev.narwhal.staging.StagedFiles;
import dev.narwhal.staging.StagedFiles.StagedFile;
import dev.narwhal.staging.StagingStore;
import dev.narwhal.upload.InventoryRepository;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadRepository;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Staged files without a row. */
final class OrphanFiles {

    private static final Logger log = LoggerFactory.getLogger(OrphanFiles.class);

    private final StagedFiles files;
    private final StagingStore staging;
    private final InventoryRepository inventory;
    private final UploadRepository uploads;
    private final UploadLeases leases;

    OrphanFiles(
            StagedFiles files,
            StagingStore staging,
            InventoryRepository inventory,
            UploadRepository uploads,
            UploadLeases leases) {
        this.files = files;
        this.staging = staging;
        this.inventory = inventory;
        this.uploads = uploads;
        this.leases = leases;
    }

    /** @see StagedFiles#walk */
    void walk(int batch, StagedFiles.Visitor visitor) throws IOException {
        files.walk(batch, visitor);
    }

    /** Those that meet the condition and have no row. One statement. */
    List<StagedFile> among(List<StagedFile> some, Predicate<StagedFile> condition) {
        List<StagedFile> old = some.stream().filter(condition).toList();
        Set<UploadId> known = inventory.known(old.stream().map(StagedFile::id).toList());
        return old.stream().filter(file -> !known.contains(file.id())).toList();
    }

    /** Removes the file if it still meets the condition and has no row, under its lease: a creation holds that. */
    boolean removed(StagedFile orphan, Predicate<StagedFile> condition) {
        Optional<Lease> free = leases.acquireForStepIfFree(orphan.id());
        if (free.isEmpty()) {
            return false;
        }
        try (Lease lease = free.get()) {
            Optional<StagedFile> now = files.find(orphan.id()).filter(condition);
            if (now.isEmpty() || uploads.find(orphan.id()).isPresent()) {
                return false;
            }
            staging.delete(orphan.id());
            log.warn("orphan.removed upload={} bytes={}", orphan.id(), now.get().bytes());
            return true;
        } catch (IOException e) {
            log.warn("orphan.kept upload={} it could not be removed: {}", orphan.id(), e.getMessage());
            return false;
        }
    }
}
