package dev.narwhal.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.catalina.util.NetMask;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * The proxies whose forwarded headers the server uses: addresses and ranges, IPv4 and IPv6.
 * @param ranges if empty, the server uses nobody's headers
 */
public record TrustedProxies(List<NetMask> ranges) {

    /** Host names are not resolved: that would trust whoever controls the name's DNS record. */
    private static final Pattern ADDRESS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|[0-9A-Fa-f.]*:[0-9A-Fa-f:.]+");

    private static final Pattern RANGE = Pattern.compile("(?<address>[^/]+)(/\\d{1,3})?");

    /**
     * @param expressions such as 127.0.0.1, 10.0.0.0/8, ::1, fd00::/8
     * @throws IllegalArgumentException with a sentence, for an expression that is neither an address nor a range
     */
    public static TrustedProxies of(List<String> expressions) {
        return new TrustedProxies(expressions.stream()
                .map(String::strip)
                .map(TrustedProxies::range)
                .toList());
    }

    /** Those of the settings. */
    public static TrustedProxies of(Environment environment) {
        return of(Binder.get(environment)
                .bind("narwhal.tus.trusted-proxies", Bindable.listOf(String.class))
                .orElse(List.of()));
    }

    private static NetMask range(String expression) {
        var parts = RANGE.matcher(expression);
        if (parts.matches() && ADDRESS.matcher(parts.group("address")).matches()) {
            try {
                return new NetMask(expression);
            } catch (IllegalArgumentException e) {
                throw wrong(expression, e);
            }
        }
        throw wrong(expression, null);
    }

    private static IllegalArgumentException wrong(String expression, @Nullable Throwable cause) {
        return new IllegalArgumentException(
                "narwhal.tus.trusted-proxies has '" + expression
                        + "'; allowed are addresses and ranges such as 127.0.0.1, 10.0.0.0/8, ::1 or fd00::/8.",
                cause);
    }

    /** @param address numeric; anything else is not trusted */
    boolean trust(String address) {
        if (ranges.isEmpty() || !ADDRESS.matcher(address).matches()) {
            return false;
        }
        try {
            InetAddress parsed = InetAddress.getByName(address);
            return ranges.stream().anyMatch(range -> range.matches(parsed));
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
