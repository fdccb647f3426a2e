package dev.narwhal.http;

import java.util.List;

/**
 * What a protocol tells its clients about itself. Each protocol defines a bean of this type.
 *
 * @param name such as {@code tus}
 * @param url where uploads are created: a path of this server, or the public URL where one is set
 */
public record ProtocolOffer(
        String name, String version, String url, List<String> extensions, List<String> checksumAlgorithms) {}
