package dev.narwhal.access.guard;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;

/** What would have a meaning only where access is closed: while it is open, whoever comes could make credentials for later. */
final class OpenAccessRefusals {

    private static final List<String> CREDENTIALS =
            List.of("/api/v1/keys", "/api/v1/upload-urls", "/api/v1/webhooks", "/api/v1/session");

    private OpenAccessRefusals() {}

    static boolean needsClosedAccess(HttpServletRequest request) {
        return OriginGate.isChange(request)
                && CREDENTIALS.stream().anyMatch(path -> Area.isAtOrBelow(request.getServletPath(), path));
    }
}
