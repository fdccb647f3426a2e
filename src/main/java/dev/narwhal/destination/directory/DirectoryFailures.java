package dev.narwhal.destination.directory;

import dev.narwhal.destination.DestinationException;
import dev.narwhal.destination.DestinationException.Failure;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.List;
import java.util.Locale;

/** Classifies errors of the file system: what does an error say about the next attempt? */
final class DirectoryFailures {

    private static final List<String> UNNAMEABLE = List.of(
            "invalid argument",
            "illegal byte sequence",
            "invalid or incomplete multibyte",
            "volume label syntax is incorrect");

    private DirectoryFailures() {}

    static DestinationException classify(Path target, Exception cause) {
        return new DestinationException(
                failureOf(cause), "'" + target + "' could not be written: " + reasonOf(cause), cause);
    }

    private static Failure failureOf(Exception cause) {
        if (cause instanceof AccessDeniedException || cause instanceof ReadOnlyFileSystemException) {
            return Failure.DESTINATION;
        }
        // A file has the name of a directory. Later attempts fail, too, until somebody removes the file.
        if (cause instanceof FileAlreadyExistsException) {
            return Failure.FINAL;
        }
        String reason = reasonOf(cause).toLowerCase(Locale.ROOT);
        // EPERM: an immutable directory, or a file system that does not support the operation.
        if (reason.contains("read-only file system") || reason.contains("operation not permitted")) {
            return Failure.DESTINATION;
        }
        // "File too large": the file system has a limit, such as 4 GiB on FAT32.
        return reason.contains("file name too long")
                        || reason.contains("not a directory")
                        || reason.contains("file too large")
                ? Failure.FINAL
                : Failure.RETRYABLE;
    }

    /** True when the file system refuses the name itself: EINVAL, EILSEQ, and Windows' messages for the same error. */
    static boolean isUnnameable(Exception cause) {
        String reason = reasonOf(cause).toLowerCase(Locale.ROOT);
        return cause instanceof FileSystemException && UNNAMEABLE.stream().anyMatch(reason::contains);
    }

    static String reasonOf(Exception cause) {
        String kind = cause.getClass().getSimpleName();
        if (cause instanceof FileSystemException e && e.getReason() != null) {
            return e.getReason();
        }
        return cause instanceof IOException && !(cause instanceof FileSystemException) && cause.getMessage() != null
                ? cause.getMessage()
                : kind;
    }
}
