package dev.narwhal.access.guard;

import dev.narwhal.access.Audit;
import dev.narwhal.access.Audit.Actor;
import dev.narwhal.access.Caller;
import dev.narwhal.http.ClientAddress;
import dev.narwhal.http.HttpError;
import dev.narwhal.http.TrustedProxies;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

/** Tells the audit log of what the guard has refused. What it has let through is told by others. */
final class GuardAudit {

    /** A client may send any other word. */
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE");

    private final Supplier<Audit> audit;
    private final TrustedProxies proxies;

    GuardAudit(Supplier<Audit> audit, TrustedProxies proxies) {
        this.audit = audit;
        this.proxies = proxies;
    }

    /** To be asked before the answer: afterwards the client may have closed the connection. */
    String addressOf(HttpServletRequest request) {
        return ClientAddress.of(request, proxies);
    }

    void tell(HttpServletRequest request, Area area, String address) {
        if (request.getAttribute(Refusal.ERROR) instanceof HttpError error) {
            Caller caller = request.getAttribute(Caller.ATTRIBUTE) instanceof Caller known ? known : Caller.STRANGER;
            String method = METHODS.contains(request.getMethod()) ? request.getMethod() : "OTHER";
            audit.get()
                    .refused(
                            Actor.of(caller, address),
                            area.name().toLowerCase(Locale.ROOT) + ' ' + method,
                            error.name());
        }
    }
}
