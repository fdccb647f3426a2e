package dev.narwhal.staging;

import java.io.IOException;

/**
 * The file system of the staging volume, or a limit of this process, has no file as large as this upload would be. What was
 * flushed before is kept; no later attempt gets further.
 */
public class StagedFileTooLargeException extends IOException {

    public StagedFileTooLargeException(String message) {
        super(message);
    }
}
