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

/** A {@link RequestValidator} of the engine that checks the requests of some methods. */
record MethodValidator(Set<HttpMethod> methods, Rule rule) implements RequestValidator {

    /**
     * Refuses a request by throwing. Called under the lease; for a PATCH of an upload that another request holds,
     * also before.
     */
    interface Rule {
        void check(HttpServletRequest request, TusExchange exchange) throws TusProblem;
    }

    static MethodValidator on(HttpMethod method, Rule rule) {
        return new MethodValidator(EnumSet.of(method), rule);
    }

    static MethodValidator onEachBut(HttpMethod method, Rule rule) {
        return new MethodValidator(EnumSet.complementOf(EnumSet.of(method)), rule);
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
