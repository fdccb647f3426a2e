package dev.narwhal.staging;

import java.io.IOException;

/** The staging volume is not where it was when the server started: its disk was unmounted. Nothing is lost. */
public class StagingAbsentException extends IOException {

    public StagingAbsentException(String message) {
        super(message);
    }
}
