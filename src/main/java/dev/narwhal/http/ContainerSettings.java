package dev.narwhal.http;

import java.time.Duration;
import java.util.List;
import org.springframework.util.unit.DataSize;

/**
 * The container's settings for request bodies. A protocol provides them.
 * @param silence after which the container ends a body
 * @param http2Window bytes that an HTTP/2 client may send ahead of the server's reads, for each body
 * @param trailers names of the accepted trailers, in lower case as in HTTP/2; the container drops others
 */
public record ContainerSettings(Duration silence, DataSize http2Window, List<String> trailers) {

    public ContainerSettings {
        trailers = List.copyOf(trailers);
    }
}
