package dev.narwhal.ingest;

import dev.narwhal.upload.UploadId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Why a body ended before all its bytes were recorded and acknowledged. */
enum BodyLoss {
    CUT,
    SILENT,
    SLOW,
    MALFORMED,
    TOO_LARGE,
    CHECKSUM,
    /** Or the file system does not allow a file as large. */
    DISK_FULL,
    /** Another request took the upload over. */
    DISPLACED,
    /** The server was stopped. */
    STOPPED,
    /** The key or the upload URL of its request was revoked. */
    REVOKED,
    /** A limit of the owner or key left no room for the new upload. */
    LIMITED,
    /** The server failed: its disk, its database, or a defect. */
    FAILED;

    static BodyLoss of(Throwable failure) {
        if (failure instanceof BodyInterruptedException interrupted) {
            return switch (interrupted.reason()) {
                case CUT -> CUT;
                case SILENT -> SILENT;
                case SLOW -> SLOW;
                case MALFORMED -> MALFORMED;
            };
        }
        return switch (UploadFailure.of(failure)) {
            case BODY_TOO_LARGE -> TOO_LARGE;
            case CHECKSUM_MISMATCH -> CHECKSUM;
            case STORAGE_FULL, FILE_TOO_LARGE -> DISK_FULL;
            case OVERTAKEN -> DISPLACED;
            case SERVER_STOPPING -> STOPPED;
            case ACCESS_REVOKED -> REVOKED;
            case LIMITED -> LIMITED;
            default -> FAILED;
        };
    }

    /** What the reader of a body is told whose session another thread has ended. */
    static RuntimeException toHolder(@Nullable BodyLoss why, UploadId id, @Nullable String credential) {
        if (why == STOPPED) {
            return new ServerStoppingException(id);
        }
        return why == REVOKED && credential != null
                ? new AccessRevokedException(id, credential)
                : new UploadOvertakenException(id);
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
