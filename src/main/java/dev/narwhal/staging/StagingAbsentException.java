package dev.narwhal.staging;

import java.io.IOException;

/** The staging volume is no longer at its place, because its disk was unmounted. No byte is lost. */
public class StagingAbsentException extends IOException {

    public StagingAbsentException(String message) {
        super(message);
    }
}
