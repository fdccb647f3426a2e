package dev.narwhal.protocol.tus;

import dev.narwhal.http.TrustedProxies;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * @param path path of the creation URL; uploads are one segment below it. It works with and without a slash at its end.
 * @param baseUrl public URL of the creation path, for the Location of new uploads; without it Location is relative
 * @param trustedProxies addresses and ranges of proxies whose Forwarded and X-Forwarded headers are believed for the Location
 *     of new uploads, such as 127.0.0.1 or 10.0.0.0/8
 * @param http2Window bytes that an HTTP/2 client may send ahead of what has been read, for each upload, 64 KiB to 16 MiB: over
 *     a long line an upload gets no faster than this much a round trip. Each body holds twice as much memory.
 * @param cors what browsers may do from other sites
 */
@ConfigurationProperties("narwhal.tus")
public record TusProperties(
        @DefaultValue("/files") String path,
        @Nullable String baseUrl,
        @DefaultValue List<String> trustedProxies,
        @DefaultValue("256KB") DataSize http2Window,
        @DefaultValue Cors cors) {

    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~-]+)+");
    private static final Pattern URL = Pattern.compile("https?://[^\\s/?#]+[^\\s?#]*");
    private static final DataSize SMALLEST_WINDOW = DataSize.ofKilobytes(64);
    private static final DataSize LARGEST_WINDOW = DataSize.ofMegabytes(16);

    public TusProperties {
        if (!PATH.matcher(path).matches() || path.contains("/.")) {
            throw new IllegalArgumentException(
                    "narwhal.tus.path is '" + path + "'; allowed is a path such as /files or /api/uploads.");
        }
        if (baseUrl != null && !URL.matcher(baseUrl).matches()) {
            throw new IllegalArgumentException("narwhal.tus.base-url is '" + baseUrl
                    + "'; allowed is an http or https URL such as https://example.org/files.");
        }
        TrustedProxies.of(trustedProxies);
        if (http2Window.compareTo(SMALLEST_WINDOW) < 0 || http2Window.compareTo(LARGEST_WINDOW) > 0) {
            throw new IllegalArgumentException(
                    "narwhal.tus.http2-window is " + http2Window + ", but must be within 64KB to 16MB");
        }
    }

    /**
     * @param allowedOrigins origins such as https://app.example.org; * for any, without credentials
     * @param allowCredentials whether pages of these origins may send cookies, which a proxy in front may ask for; only for
     *     origins that are named
     * @param allowedHeaders names of request headers that these pages may send beside those of tus clients; * for all that they
     *     ask for, which is the default where any origin is allowed
     */
    public record Cors(
            @DefaultValue("*") List<String> allowedOrigins,
            @DefaultValue("false") boolean allowCredentials,
            @DefaultValue List<String> allowedHeaders) {

        private static final Pattern ORIGIN = Pattern.compile("\\*|null|[a-z][a-z0-9+.-]*://[^\\s/?#]+");
        private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'+.^_`|~-]+");
        private static final String ANY = "*";

        public Cors {
            for (String origin : allowedOrigins) {
                if (!ORIGIN.matcher(origin).matches()) {
                    throw new IllegalArgumentException("narwhal.tus.cors.allowed-origins has '" + origin
                            + "'; allowed are origins such as https://app.example.org, or *.");
                }
            }
            if (!allowedHeaders.equals(List.of(ANY))) {
                allowedHeaders.forEach(Cors::requireName);
            }
            if (allowCredentials && (allowedOrigins.contains(ANY) || allowedOrigins.contains("null"))) {
                throw new IllegalArgumentException(
                        "narwhal.tus.cors.allow-credentials is true, but needs"
                                + " narwhal.tus.cors.allowed-origins to name each origin: any page could act for its visitors.");
            }
        }

        private static void requireName(String header) {
            if (!HEADER.matcher(header).matches()) {
                throw new IllegalArgumentException("narwhal.tus.cors.allowed-headers has '" + header
                        + "'; allowed are names of headers such as X-CSRF-Token, or * alone.");
            }
        }

        /** True when a page may send any header. */
        boolean allowsAnyHeader() {
            return allowedHeaders.isEmpty() ? allowedOrigins.contains(ANY) : allowedHeaders.contains(ANY);
        }

        List<String> namedHeaders() {
            return allowsAnyHeader() ? List.of() : allowedHeaders;
        }
    }
}
