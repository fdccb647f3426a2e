package dev.narwhal.destination;

import java.io.IOException;
import java.io.InputStream;

/**
 * Where finished files go. To be filled by the delivery work: deliver, abandon, read.
 */
public interface Destination {

    /** For people: {@code /srv/files} or {@code s3://bucket}. */
    String describe();

    /**
     * Streams {@code length} bytes of a delivered object from {@code position} on.
     *
     * @throws java.nio.file.NoSuchFileException when the object is not there any more
     */
    InputStream read(String key, long position, long length) throws IOException;
}
