package dev.narwhal.download;

import dev.narwhal.access.Caller;
import dev.narwhal.destination.Destination;
import dev.narwhal.destination.Destinations;
import dev.narwhal.staging.StagedUploads;
import dev.narwhal.staging.StagingDamagedException;
import dev.narwhal.staging.StagingStore;
import dev.narwhal.upload.DeliveredLocations;
import dev.narwhal.upload.DeliveredLocations.DeliveredLocation;
import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadId;
import dev.narwhal.upload.UploadKind;
import dev.narwhal.upload.UploadRepository;
import dev.narwhal.upload.UploadState;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;

/** Opens complete uploads for reading. */
public final class UploadDownloads {

    private final UploadRepository uploads;
    private final StagedUploads staged;
    private final Destinations destinations;
    private final DeliveredLocations locations;

    public UploadDownloads(
            UploadRepository uploads, StagingStore staging, Destinations destinations, DeliveredLocations locations) {
        this.uploads = uploads;
        this.staged = new StagedUploads(staging, uploads);
        this.destinations = destinations;
        this.locations = locations;
    }

    /**
     * Opens the file, also during its delivery.
     * @throws NoSuchFileException when the delivered file is no longer at its destination, when the upload was deleted
     *     meanwhile, or when it is not the caller's
     * @throws StagingDamagedException when the staged bytes of an undelivered upload are missing
     * @throws IllegalArgumentException when the upload is not complete
     */
    public Download open(Caller caller, Upload upload) throws IOException {
        if (!caller.sight().includes(upload)) {
            throw new NoSuchFileException(upload.id().value());
        }
        if (!upload.state().isComplete()) {
            throw new IllegalArgumentException("Upload " + upload.id() + " is not complete");
        }
        if (upload.state() == UploadState.DELIVERED) {
            return delivered(upload);
        }
        try {
            return new StagedDownload(upload, staged.open(upload), gone -> reopen(caller, upload.id(), gone));
        } catch (StagingDamagedException e) {
            return reopen(caller, upload.id(), e);
        }
    }

    /**
     * The SHA-256 of the caller's complete file, in 64 hexadecimal digits; empty when it has not been computed, or the
     * database fails. One statement for a complete upload that is not a partial, none for any other.
     */
    public Optional<String> sha256(Caller caller, Upload upload) {
        if (!caller.sight().includes(upload) || !upload.state().isComplete() || upload.kind() == UploadKind.PARTIAL) {
            return Optional.empty();
        }
        try {
            return locations.sha256(upload.id());
        } catch (DataAccessException | TransactionException e) {
            // The digest is optional in the response.
            return Optional.empty();
        }
    }

    /** Since the row was read, the upload may have been delivered or deleted, and its staged bytes removed. */
    private Download reopen(Caller caller, UploadId id, StagingDamagedException damage) throws IOException {
        Upload now = uploads.find(id, caller.sight())
                .filter(row -> row.state().isLive())
                .orElse(null);
        if (now == null) {
            throw new NoSuchFileException(id.value());
        }
        if (now.state() != UploadState.DELIVERED) {
            throw damage;
        }
        return delivered(now);
    }

    private Download delivered(Upload upload) throws IOException {
        DeliveredLocation location = locations
                .find(upload.id())
                .orElseThrow(() -> new NoSuchFileException(upload.id().value()));
        Destination destination = destinations
                .find(location.destination())
                .orElseThrow(() -> new IOException("Upload " + upload.id() + " is at the destination '"
                        + location.destination() + "', which the settings do not name any more"));
        Optional<FileChannel> file = destination.file(location.key());
        return file.isPresent()
                ? new FileDownload(upload, file.get())
                : new DeliveredDownload(upload, destination, location.key());
    }
}
