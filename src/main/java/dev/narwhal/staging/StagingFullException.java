package dev.narwhal.staging;

import java.io.IOException;

/** There is no room above the reserve. What was received before is kept; it works again when space returns. */
public class StagingFullException extends IOException {

    public StagingFullException(String message) {
        super(message);
    }
}
