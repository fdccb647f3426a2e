package dev.narwhal.ingest;

import dev.narwhal.database.DatabaseFailures;
import dev.narwhal.lease.LeaseUnavailableException;
import dev.narwhal.staging.DescriptorFailures;
import dev.narwhal.staging.StagedFileTooLargeException;
import dev.narwhal.staging.StagingAbsentException;
import dev.narwhal.staging.StagingDamagedException;
import dev.narwhal.staging.StagingFullException;
import dev.narwhal.upload.FinalTooLargeException;
import dev.narwhal.upload.PartialInUseException;

/** What a failure of a use-case means to the one who asked for it, whichever package it comes from. */
public enum UploadFailure {
    /** There is no such upload, or it is not the caller's. */
    NOT_FOUND,
    /** Nobody went on with it in time. */
    EXPIRED,
    /** Another request writes and did not let go in time. */
    BUSY,
    /** Another request took the upload over, or went past the offset. */
    OVERTAKEN,
    /** The bytes are on a volume that is not here at the moment. */
    VOLUME_ABSENT,
    /** No room above the reserve; what came before is kept. */
    STORAGE_FULL,
    /** The file system has no file as large as this upload; what was recorded before is kept. */
    FILE_TOO_LARGE,
    /** Acknowledged bytes are not there. */
    STORAGE_DAMAGED,
    /** The body has more bytes than the upload has room for. */
    BODY_TOO_LARGE,
    /** The body is not what its client says it sent; nothing of it is kept. */
    CHECKSUM_MISMATCH,
    /** The body ended early; see {@link BodyInterruptedException#reason()}. */
    BODY_INTERRUPTED,
    /** A final upload is made of this partial, and has not been delivered. */
    PARTIAL_IN_USE,
    /** What a final was to be made of is no partial upload of the caller; see {@link PartialUnusableException}. */
    PARTIAL_UNUSABLE,
    /** The partials of a final have more bytes together than an upload may have. */
    FINAL_TOO_LARGE,
    /** The server is being stopped; what came is kept. */
    SERVER_STOPPING,
    /** The database cannot be reached. */
    DATABASE_AWAY,
    /** The process may open no more files. */
    NO_DESCRIPTORS,
    /** Anything else: ours to look into. */
    UNEXPECTED;

    /** Never fails. */
    public static UploadFailure of(Throwable failure) {
        return switch (failure) {
            case UploadNotFoundException e -> NOT_FOUND;
            case UploadExpiredException e -> EXPIRED;
            case LeaseUnavailableException e -> BUSY;
            case UploadOvertakenException e -> OVERTAKEN;
            case VolumeAbsentException e -> VOLUME_ABSENT;
            case StagingAbsentException e -> VOLUME_ABSENT;
            case StagingFullException e -> STORAGE_FULL;
            case StagedFileTooLargeException e -> FILE_TOO_LARGE;
            case StagingDamagedException e -> STORAGE_DAMAGED;
            case BodyTooLargeException e -> BODY_TOO_LARGE;
            case ChecksumMismatchException e -> CHECKSUM_MISMATCH;
            case BodyInterruptedException e -> BODY_INTERRUPTED;
            case PartialInUseException e -> PARTIAL_IN_USE;
            case PartialUnusableException e -> PARTIAL_UNUSABLE;
            case FinalTooLargeException e -> FINAL_TOO_LARGE;
            case ServerStoppingException e -> SERVER_STOPPING;
            default -> other(failure);
        };
    }

    private static UploadFailure other(Throwable failure) {
        if (DescriptorFailures.isOutOfDescriptors(failure)) {
            return NO_DESCRIPTORS;
        }
        return DatabaseFailures.isUnavailable(failure) ? DATABASE_AWAY : UNEXPECTED;
    }
}
