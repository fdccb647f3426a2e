package dev.narwhal.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The address from which a request comes. */
public final class ClientAddress {

    private static final Pattern NUMERIC = Pattern.compile("[0-9A-Fa-f.:]{2,45}");

    private ClientAddress() {}

    /**
     * The address of the connection; behind trusted proxies the last address in {@code X-Forwarded-For} that is not a
     * proxy's. An address that a client itself has written there never counts. Empty when the connection was closed before
     * this was asked first.
     */
    public static String of(HttpServletRequest request, TrustedProxies proxies) {
        String address = ofConnection(request);
        if (!proxies.trust(address)) {
            return address;
        }
        List<String> hops = Collections.list(request.getHeaders("X-Forwarded-For")).stream()
                .flatMap(header -> List.of(header.split(",", -1)).stream())
                .map(String::strip)
                .toList();
        for (String hop : hops.reversed()) {
            if (!NUMERIC.matcher(hop).matches()) {
                return address;
            }
            address = hop;
            if (!proxies.trust(hop)) {
                return address;
            }
        }
        return address;
    }

    /** Tomcat asks the socket, and keeps what it has said. */
    private static String ofConnection(HttpServletRequest request) {
        @Nullable String address = request.getRemoteAddr();
        return address == null ? "" : address;
    }
}
