package dev.narwhal.http;

import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.web.util.ForwardedHeaderUtils;
import org.springframework.web.util.UriComponents;

/**
 * The server's address from the client's point of view, according to trusted proxies: Forwarded (RFC 7239) or
 * X-Forwarded-Proto, -Host, -Port and -Prefix. Each proxy of a chain appends its value, and the outermost trusted one
 * decides; a client may have forged the values before that. One malformed value voids all headers.
 */
public final class ForwardedAddress {

    private static final ForwardedAddress NONE = new ForwardedAddress(null, "");
    private static final URI UNTOLD = URI.create("untold:/");
    private static final Pattern HOST =
            Pattern.compile("[A-Za-z0-9_]([A-Za-z0-9._-]{0,251}[A-Za-z0-9_])?|\\[[0-9A-Fa-f:.]{2,45}]");
    private static final Pattern PREFIX = Pattern.compile("(/[A-Za-z0-9._~@+-]{1,100}){0,10}/?");
    private static final Pattern FOR = Pattern.compile("(?i)(?:^|;)\\s*for=\"?\\[?([^;,\"\\]]+)");
    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}&&[^\t]]");
    private static final int LARGEST_PORT = 65_535;

    private final @Nullable String origin;
    private final String prefix;

    private ForwardedAddress(@Nullable String origin, String prefix) {
        this.origin = origin;
        this.prefix = prefix;
    }

    public static ForwardedAddress of(HttpServletRequest request, TrustedProxies proxies) {
        if (!proxies.trust(request.getRemoteAddr())) {
            return NONE;
        }
        try {
            return new Reading(request, proxies).address();
        } catch (IllegalArgumentException e) {
            // A client may have sent the value through the proxy: neither logged nor an error.
            return NONE;
        }
    }

    /** The path from the client's point of view, with scheme and host where they are known. */
    public String of(String path) {
        return (origin == null ? "" : origin) + prefix + path;
    }

    /** The headers of one request. */
    private record Reading(HttpServletRequest request, TrustedProxies proxies) {

        ForwardedAddress address() {
            List<String> standard = values("Forwarded");
            int hops = trustedHops(
                    standard.isEmpty()
                            ? values("X-Forwarded-For")
                            : standard.stream().map(Reading::client).toList());
            HttpHeaders decisive = new HttpHeaders();
            if (standard.isEmpty()) {
                for (String name : List.of("X-Forwarded-Proto", "X-Forwarded-Host", "X-Forwarded-Port")) {
                    decide(values(name), hops).ifPresent(value -> decisive.set(name, value));
                }
            } else {
                decide(standard, hops).ifPresent(value -> decisive.set("Forwarded", value));
            }
            return new ForwardedAddress(origin(decisive), prefix(hops));
        }

        private List<String> values(String name) {
            return Collections.list(request.getHeaders(name)).stream()
                    .flatMap(line -> Arrays.stream(line.split(",", -1)))
                    .map(String::strip)
                    .map(Reading::checked)
                    .toList();
        }

        /**
         * Spring fails on a value of control characters only. Tomcat refuses such a value; another container may not.
         */
        private static String checked(String value) {
            if (CONTROL.matcher(value).find()) {
                throw new IllegalArgumentException("control character");
            }
            return value;
        }

        private static String client(String element) {
            Matcher matcher = FOR.matcher(element);
            return matcher.find() ? matcher.group(1) : "";
        }

        /**
         * The last client in the list is the peer of our own peer. While that is a trusted proxy, the entry before it
         * counts.
         */
        private int trustedHops(List<String> clients) {
            int hops = 1;
            while (hops <= clients.size() && proxies.trust(withoutPort(clients.get(clients.size() - hops)))) {
                hops++;
            }
            return hops;
        }

        private static String withoutPort(String address) {
            int colon = address.indexOf(':');
            return colon > 0 && colon == address.lastIndexOf(':') ? address.substring(0, colon) : address;
        }

        /**
         * Some proxies append to a header, others replace it: with fewer values than hops the first value is the
         * outermost proxy's.
         */
        private static Optional<String> decide(List<String> values, int hops) {
            return values.isEmpty() ? Optional.empty() : Optional.of(values.get(Math.max(0, values.size() - hops)));
        }

        /** Each proxy adds the prefix that it strips; the outermost proxy's comes first. */
        private String prefix(int hops) {
            List<String> values = values("X-Forwarded-Prefix");
            return values.subList(Math.max(0, values.size() - hops), values.size()).stream()
                    .map(Reading::checkedPrefix)
                    .collect(Collectors.joining());
        }

        private static String checkedPrefix(String value) {
            if (!PREFIX.matcher(value).matches() || value.contains("/.")) {
                throw new IllegalArgumentException("X-Forwarded-Prefix");
            }
            return value.endsWith("/") ? value.substring(0, value.length() - 1) : value;
        }

        /** Null unless both scheme and host are known: one alone would make a wrong address. */
        private static @Nullable String origin(HttpHeaders decisive) {
            UriComponents told = ForwardedHeaderUtils.adaptFromForwardedHeaders(UNTOLD, decisive)
                    .build();
            String scheme = told.getScheme();
            String host = told.getHost();
            if (UNTOLD.getScheme().equals(scheme) || host == null) {
                return null;
            }
            if (!"http".equals(scheme) && !"https".equals(scheme)
                    || !HOST.matcher(host).matches()
                    || told.getPort() == 0
                    || told.getPort() > LARGEST_PORT) {
                throw new IllegalArgumentException("Forwarded");
            }
            // Refuses brackets without a valid IPv6 address.
            return URI.create(scheme + "://" + host + (told.getPort() < 0 ? "" : ":" + told.getPort()))
                    .toString();
        }
    }
}
