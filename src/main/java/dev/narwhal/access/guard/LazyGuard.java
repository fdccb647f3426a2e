package dev.narwhal.access.guard;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Makes the guard when the first request needs it: its classes would take a part of each start. */
final class LazyGuard extends HttpFilter {

    private static final long serialVersionUID = 1L;

    private final transient Supplier<Filter> maker;
    private final String actuator;
    private final transient GuardAudit audit;
    private transient volatile @Nullable Filter guard;

    /** @param actuator as {@link Area#of} takes it */
    LazyGuard(Supplier<Filter> maker, String actuator, GuardAudit audit) {
        this.audit = audit;
        this.maker = maker;
        this.actuator = actuator;
    }

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        Area area = Area.of(request.getServletPath(), actuator);
        if (area == Area.PROBES) {
            chain.doFilter(request, response);
        } else {
            String address = audit.addressOf(request);
            guard().doFilter(request, response, chain);
            audit.tell(request, area, address);
        }
    }

    private Filter guard() {
        Filter made = guard;
        if (made == null) {
            synchronized (this) {
                made = guard;
                if (made == null) {
                    made = maker.get();
                    guard = made;
                }
            }
        }
        return made;
    }
}
