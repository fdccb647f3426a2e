package dev.narwhal.access;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of access.
 *
 * @param mode who may upload: open, whoever reaches the server; closed, who has a key, a token or an upload URL
 * @param openToNetwork whether open access is meant where {@code server.address} is not a loopback address
 * @param allowedHosts names under which the API, the endpoints and the admin pages may be called while access is open, beside
 *     loopback names and the host of {@code narwhal.tus.base-url}; * for any
 * @param allowedOrigins origins whose pages may call the API, such as https://app.example.org
 * @param sessionLife until when a browser's session ends: 1 m to 30 d
 */
@ConfigurationProperties("narwhal.access")
public record AccessProperties(
        @DefaultValue("open") AccessMode mode,
        @DefaultValue("false") boolean openToNetwork,
        @DefaultValue List<String> allowedHosts,
        @DefaultValue List<String> allowedOrigins,
        @DefaultValue("12h") Duration sessionLife) {

    private static final Pattern HOST = Pattern.compile("\\*|[A-Za-z0-9._-]+|\\[[0-9a-fA-F:.]+]");
    private static final Pattern ORIGIN = Pattern.compile("https?://[^\\s/?#]+");
    private static final Duration SHORTEST = Duration.ofMinutes(1);
    private static final Duration LONGEST = Duration.ofDays(30);

    public AccessProperties {
        allowedHosts = List.copyOf(allowedHosts);
        allowedOrigins = List.copyOf(allowedOrigins);
        requireAll("allowed-hosts", allowedHosts, HOST, "names such as narwhal.internal, without a port, or *");
        requireAll("allowed-origins", allowedOrigins, ORIGIN, "origins such as https://app.example.org");
        if (sessionLife.compareTo(SHORTEST) < 0 || sessionLife.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "narwhal.access.session-life is " + sessionLife + ", but must be within 1m and 30d");
        }
    }

    private static void requireAll(String name, List<String> values, Pattern form, String allowed) {
        for (String value : values) {
            if (!form.matcher(value).matches()) {
                throw new IllegalArgumentException(
                        "narwhal.access." + name + " has '" + value + "'; allowed are " + allowed + ".");
            }
        }
    }

    /** True where nobody needs credentials. */
    public boolean isOpen() {
        return mode == AccessMode.OPEN;
    }
}
