package dev.narwhal.ingest;

import dev.narwhal.staging.StagedFiles;
import dev.narwhal.upload.InventoryRepository;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadKind;
import dev.narwhal.upload.UploadRepository;
import dev.narwhal.upload.UploadState;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds rows of this volume whose acknowledged bytes are not all there: the staged file is missing, or shorter than
 * the row's offset. An upload at offset 0 needs no file. Logs and counts them; changes nothing.
 */
final class DamageSearch {

    private static final Logger log = LoggerFactory.getLogger(DamageSearch.class);

    private static final int BATCH = 500;
    private static final List<UploadState> STAGED =
            List.of(UploadState.RECEIVING, UploadState.FINISHED, UploadState.FAILED);

    private final StagedFiles files;
    private final String volume;
    private final InventoryRepository inventory;
    private final UploadRepository uploads;

    DamageSearch(StagedFiles files, String volume, InventoryRepository inventory, UploadRepository uploads) {
        this.files = files;
        this.volume = volume;
        this.inventory = inventory;
        this.uploads = uploads;
    }

    /**
     * Checks the staged file of each upload that still needs one, a batch of rows at a time.
     *
     * @param stopping asked before each batch; true ends the search
     * @return the number of damaged uploads
     * @throws IOException when a file cannot be read
     */
    long run(BooleanSupplier stopping) throws IOException {
        long damaged = 0;
        for (UploadState state : STAGED) {
            damaged += run(state, stopping);
        }
        if (damaged > 0) {
            log.error("staging.damage-total uploads={} acknowledged bytes are gone; nothing is changed", damaged);
        }
        return damaged;
    }

    private long run(UploadState state, BooleanSupplier stopping) throws IOException {
        long damaged = 0;
        @Nullable Upload after = null;
        while (!stopping.getAsBoolean()) {
            List<Upload> some = inventory.open(volume, state, after, BATCH);
            for (Upload upload : some) {
                damaged += isDamaged(upload) ? 1 : 0;
            }
            if (some.size() < BATCH) {
                break;
            }
            after = some.getLast();
        }
        return damaged;
    }

    private boolean isDamaged(Upload upload) throws IOException {
        if (upload.kind() == UploadKind.FINAL || isWhole(upload)) {
            return false;
        }
        // A file is removed after its row has changed: a missing file is damage only if the row still needs it.
        Optional<Upload> now = uploads.find(upload.id()).filter(row -> STAGED.contains(row.state()));
        if (now.isEmpty() || isWhole(now.get())) {
            return false;
        }
        OptionalLong there = files.bytes(upload.id());
        log.error(
                "staging.damage upload={} state={} row-says={} file-has={}",
                upload.id(),
                upload.state(),
                now.get().offset(),
                there.isPresent() ? there.getAsLong() : "nothing");
        return true;
    }

    private boolean isWhole(Upload upload) throws IOException {
        return files.bytes(upload.id()).orElse(0) >= upload.offset();
    }
}
