package dev.narwhal.access.guard;

import dev.narwhal.access.AccessProperties;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;

/**
 * The names under which this server is meant to be called, and the origins of its own pages. A page of another site can let its
 * own name lead to this machine (DNS rebinding); the name is what tells it.
 *
 * @param hosts names in lower case; * for any
 * @param origins whose pages may change something, beside those of this server
 */
record OwnHosts(List<String> hosts, List<String> origins) {

    private static final String ANY = "*";
    private static final Pattern LOOPBACK =
            Pattern.compile("localhost|127(\\.[0-9]{1,3}){3}|\\[?(::1|0:0:0:0:0:0:0:1)]?");
    private static final Pattern DEFAULT_PORT = Pattern.compile(":(80|443)$");

    OwnHosts {
        hosts = List.copyOf(hosts);
        origins = List.copyOf(origins);
    }

    static OwnHosts of(AccessProperties properties, Environment environment) {
        List<String> hosts = new ArrayList<>();
        properties.allowedHosts().forEach(host -> hosts.add(host.toLowerCase(Locale.ROOT)));
        List<String> origins = new ArrayList<>(properties.allowedOrigins());
        String baseUrl = environment.getProperty("narwhal.tus.base-url", "");
        if (!baseUrl.isBlank()) {
            URI uri = URI.create(baseUrl);
            hosts.add(String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT));
            origins.add(uri.getScheme() + "://" + uri.getRawAuthority());
        }
        return new OwnHosts(hosts, origins);
    }

    /** True for a loopback name, the host of base-url, and what the settings name; the port may be any. */
    boolean isMeant(HttpServletRequest request) {
        String name = String.valueOf(request.getServerName()).toLowerCase(Locale.ROOT);
        return hosts.contains(ANY) || LOOPBACK.matcher(name).matches() || hosts.contains(name);
    }

    /** True when a browser says that the page that sends this request is none of ours. */
    boolean isForeign(HttpServletRequest request) {
        String origin = request.getHeader("Origin");
        if (origin == null) {
            return "cross-site".equals(request.getHeader("Sec-Fetch-Site"));
        }
        return !origins.contains(origin) && !authority(origin).equals(plain(request.getHeader("Host"), request));
    }

    private static String authority(String origin) {
        int scheme = origin.indexOf("://");
        return scheme < 0 ? "null" : plain(origin.substring(scheme + 3));
    }

    /** HTTP/2 has no Host. */
    private static String plain(@Nullable String host, HttpServletRequest request) {
        return plain(host == null ? request.getServerName() + ":" + request.getServerPort() : host);
    }

    private static String plain(String authority) {
        return DEFAULT_PORT.matcher(authority.toLowerCase(Locale.ROOT)).replaceFirst("");
    }
}
