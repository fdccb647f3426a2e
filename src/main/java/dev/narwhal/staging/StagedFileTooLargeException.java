package dev.narwhal.staging;

import java.io.IOException;

/**
 * The file system of the staging volume, or a limit of this process, allows no file of this upload's size. Bytes
 * flushed before are kept; no later attempt gets further.
 */
public class StagedFileTooLargeException extends IOException {

    public StagedFileTooLargeException(String message) {
        super(message);
    }
}
