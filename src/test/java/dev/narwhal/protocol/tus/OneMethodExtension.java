package dev.narwhal.protocol.tus;

import java.util.Collection;
import java.util.List;
import java.util.Locale;
import me.desair.tus.server.HttpMethod;
import me.desair.tus.server.RequestHandler;
import me.desair.tus.server.RequestValidator;
import me.desair.tus.server.util.AbstractTusExtension;

/** Takes part in the requests of one method: as the validator that its subclass is, as the handler, or as both. */
abstract class OneMethodExtension extends AbstractTusExtension {

    private final HttpMethod method;

    OneMethodExtension(HttpMethod method) {
        this.method = method;
    }

    @Override
    public String getName() {
        return getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    @Override
    public Collection<HttpMethod> getMinimalSupportedHttpMethods() {
        return List.of(method);
    }

    @Override
    protected void initValidators(List<RequestValidator> validators) {
        if (this instanceof RequestValidator validator) {
            validators.add(validator);
        }
    }

    @Override
    protected void initRequestHandlers(List<RequestHandler> handlers) {
        if (this instanceof RequestHandler handler) {
            handlers.add(handler);
        }
    }

    // For whichever interface the subclass has.

    public boolean supports(HttpMethod asked) {
        return asked == method;
    }

    public boolean isErrorHandler() {
        return false;
    }
}
