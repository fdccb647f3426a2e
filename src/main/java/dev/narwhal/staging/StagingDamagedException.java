package dev.narwhal.staging;

import java.io.IOException;

/** A staged file is missing or shorter than its row says: bytes that were acknowledged are not there. Never repaired. */
public class StagingDamagedException extends IOException {

    public StagingDamagedException(String message) {
        super(message);
    }
}
