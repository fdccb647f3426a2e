package dev.narwhal.ingest;

import dev.narwhal.access.limits.LimitReachedException;
import dev.narwhal.database.DatabaseFailures;
import dev.narwhal.lease.LeaseUnavailableException;
import dev.narwhal.staging.DescriptorFailures;
import dev.narwhal.staging.StagedFileTooLargeException;
import dev.narwhal.staging.StagingAbsentException;
import dev.narwhal.staging.StagingDamagedException;
import dev.narwhal.staging.StagingFullException;
import dev.narwhal.upload.FinalTooLargeException;
import dev.narwhal.upload.PartialInUseException;

/** What a failure means to the caller of a use-case, whichever package threw it. */
public enum UploadFailure {
    /** There is no such upload, or the caller does not own it. */
    NOT_FOUND,
    /** The upload has expired. */
    EXPIRED,
    /** Another request holds the lease and did not let go in time. */
    BUSY,
    /** Another request took the upload over, or moved past the offset. */
    OVERTAKEN,
    /** The bytes are on a volume that is not mounted here. */
    VOLUME_ABSENT,
    /** The staging has no room left above its reserve; the bytes written before are kept. */
    STORAGE_FULL,
    /** The file system does not allow a file as large as this upload; the bytes recorded before are kept. */
    FILE_TOO_LARGE,
    /** Acknowledged bytes are missing. */
    STORAGE_DAMAGED,
    /** The body has more bytes than the upload has room for. */
    BODY_TOO_LARGE,
    /** The body does not match its checksum; nothing of it is kept. */
    CHECKSUM_MISMATCH,
    /** The body ended early; see {@link BodyInterruptedException#reason()}. */
    BODY_INTERRUPTED,
    /** A final upload that is not yet delivered needs this partial. */
    PARTIAL_IN_USE,
    /** An upload named in Upload-Concat is no partial of the caller; see {@link PartialUnusableException}. */
    PARTIAL_UNUSABLE,
    /** The partials of a final have together more bytes than an upload may have. */
    FINAL_TOO_LARGE,
    /** The server is being stopped; the received bytes are kept, unless the body has a checksum. */
    SERVER_STOPPING,
    /** The key or the upload URL of the request was revoked meanwhile; the bytes received before are kept, as above. */
    ACCESS_REVOKED,
    /** A limit of the owner, the key or the server leaves no room. */
    LIMITED,
    /** The database cannot be reached. */
    DATABASE_AWAY,
    /** The process may open no more files. */
    NO_DESCRIPTORS,
    /** Any other failure: the operator must look into it. */
    UNEXPECTED;

    /** Classifies a failure. Never throws. */
    public static UploadFailure of(Throwable failure) {
        return switch (failure) {
            case UploadNotFoundException e -> NOT_FOUND;
            case UploadExpiredException e -> EXPIRED;
            case LeaseUnavailableException e -> BUSY;
            case CreationRepeatedException e -> BUSY;
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
            case AccessRevokedException e -> ACCESS_REVOKED;
            case LimitReachedException e -> LIMITED;
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
