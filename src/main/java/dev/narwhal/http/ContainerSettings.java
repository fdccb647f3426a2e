package dev.narwhal.http;

import java.time.Duration;
import java.util.List;
import org.springframework.util.unit.DataSize;

/**
 * What the container has to know of the bodies that a protocol takes; the protocol provides it.
 *
 * @param silence after which a body is cut off
 * @param http2Window bytes that an HTTP/2 client may send ahead of what has been read, for each body
 * @param trailers names of the trailers that are read, lower-case, as HTTP/2 has them; others are dropped
 */
public record ContainerSettings(Duration silence, DataSize http2Window, List<String> trailers) {

    public ContainerSettings {
        trailers = List.copyOf(trailers);
    }
}
