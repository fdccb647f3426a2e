package dev.narwhal.staging;

import java.io.IOException;

/**
 * There is no space above the reserve. Bytes received before are kept; a later request succeeds when there is space.
 */
public class StagingFullException extends IOException {

    public StagingFullException(String message) {
        super(message);
    }
}
