package dev.narwhal.protocol.tus;

import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import me.desair.tus.server.HttpMethod;
import me.desair.tus.server.RequestValidator;
import me.desair.tus.server.exception.TusException;
import me.desair.tus.server.upload.UploadStorageService;
import org.jspecify.annotations.Nullable;

/** One check of a request, as the engine's validators are made: for which methods, and what it looks at. */
record Check(Set<HttpMethod> methods, Rule rule) implements RequestValidator {

    /** Refuses by throwing; called before the lease is taken and again under it. */
    interface Rule {
        void check(HttpServletRequest request, TusExchange exchange) throws TusProblem;
    }

    static Check on(HttpMethod method, Rule rule) {
        return new Check(EnumSet.of(method), rule);
    }

    static Check onEachBut(HttpMethod method, Rule rule) {
        return new Check(EnumSet.complementOf(EnumSet.of(method)), rule);
    }

    @Override
    public boolean supports(@Nullable HttpMethod method) {
        return method != null && methods.contains(method);
    }

    @Override
    public void validate(HttpMethod method, HttpServletRequest request, UploadStorageService storage, String ownerKey)
            throws TusException, IOException {
        rule.check(request, TusExchange.current());
    }
}
