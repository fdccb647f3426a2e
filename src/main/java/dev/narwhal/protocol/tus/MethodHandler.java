package dev.narwhal.protocol.tus;

import java.io.IOException;
import me.desair.tus.server.HttpMethod;
import me.desair.tus.server.exception.TusException;
import me.desair.tus.server.upload.UploadStorageService;
import me.desair.tus.server.util.AbstractRequestHandler;
import me.desair.tus.server.util.TusServletRequest;
import me.desair.tus.server.util.TusServletResponse;
import org.jspecify.annotations.Nullable;

/** A request handler of the engine that handles the requests of one method. */
final class MethodHandler extends AbstractRequestHandler {

    /** What the handler does. */
    interface Action {
        void perform(TusServletRequest request, TusServletResponse response, UploadStorageService storage, String owner)
                throws IOException, TusException;
    }

    private final HttpMethod method;
    private final Action action;
    private final boolean onFailure;

    private MethodHandler(HttpMethod method, Action action, boolean onFailure) {
        this.method = method;
        this.action = action;
        this.onFailure = onFailure;
    }

    static MethodHandler on(HttpMethod method, Action action) {
        return new MethodHandler(method, action, false);
    }

    /** Called also when the answer is a failure. */
    static MethodHandler alwaysOn(HttpMethod method, Action action) {
        return new MethodHandler(method, action, true);
    }

    @Override
    public boolean isErrorHandler() {
        return onFailure;
    }

    @Override
    public boolean supports(@Nullable HttpMethod actual) {
        return actual == method;
    }

    @Override
    public void process(
            HttpMethod actual,
            TusServletRequest request,
            TusServletResponse response,
            UploadStorageService storage,
            String owner)
            throws IOException, TusException {
        action.perform(request, response, storage, owner);
    }
}
