package dev.narwhal.protocol.tus;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * @param path path of the creation URL; uploads are one segment below it. It works with and without a slash at its end.
 * @param baseUrl public URL of the creation path, for the Location of new uploads; without it Location is relative
 * @param cors what browsers may do from other sites
 */
@ConfigurationProperties("narwhal.tus")
public record TusProperties(
        @DefaultValue("/files") String path,
        @Nullable String baseUrl,
        @DefaultValue Cors cors) {

    private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9._~-]+)+");
    private static final Pattern URL = Pattern.compile("https?://[^\\s/?#]+[^\\s?#]*");

    public TusProperties {
        if (!PATH.matcher(path).matches() || path.contains("/.")) {
            throw new IllegalArgumentException(
                    "narwhal.tus.path is '" + path + "'; allowed is a path such as /files or /api/uploads.");
        }
        if (baseUrl != null && !URL.matcher(baseUrl).matches()) {
            throw new IllegalArgumentException("narwhal.tus.base-url is '" + baseUrl
                    + "'; allowed is an http or https URL such as https://example.org/files.");
        }
    }

    /**
     * @param allowedOrigins origins such as https://app.example.org; * for any, without credentials
     */
    public record Cors(@DefaultValue("*") List<String> allowedOrigins) {

        private static final Pattern ORIGIN = Pattern.compile("\\*|null|[a-z][a-z0-9+.-]*://[^\\s/?#]+");

        public Cors {
            for (String origin : allowedOrigins) {
                if (!ORIGIN.matcher(origin).matches()) {
                    throw new IllegalArgumentException("narwhal.tus.cors.allowed-origins has '" + origin
                            + "'; allowed are origins such as https://app.example.org, or *.");
                }
            }
        }
    }
}
