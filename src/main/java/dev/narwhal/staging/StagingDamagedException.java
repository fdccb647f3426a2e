package dev.narwhal.staging;

import java.io.IOException;

/**
 * A staged file is missing or shorter than its row says: acknowledged bytes are missing. The server never repairs this.
 */
public class StagingDamagedException extends IOException {

    public StagingDamagedException(String message) {
        super(message);
    }
}
