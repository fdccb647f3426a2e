package dev.narwhal.protocol.tus;

import java.io.IOException;
import me.desair.tus.server.HttpMethod;
import me.desair.tus.server.exception.TusException;
import me.desair.tus.server.upload.UploadStorageService;
import me.desair.tus.server.util.AbstractRequestHandler;
import me.desair.tus.server.util.TusServletRequest;
import me.desair.tus.server.util.TusServletResponse;
import org.jspecify.annotations.Nullable;

/** One step of answering a request, as the engine's handlers are made. */
final class Step extends AbstractRequestHandler {

    /** What is done. */
    interface Action {
        void perform(TusServletRequest request, TusServletResponse response, UploadStorageService storage, String owner)
                throws IOException, TusException;
    }

    private final HttpMethod method;
    private final Action action;
    private final boolean onFailure;

    private Step(HttpMethod method, Action action, boolean onFailure) {
        this.method = method;
        this.action = action;
        this.onFailure = onFailure;
    }

    static Step on(HttpMethod method, Action action) {
        return new Step(method, action, false);
    }

    /** Performed for an answer that is a failure, too. */
    static Step alwaysOn(HttpMethod method, Action action) {
        return new Step(method, action, true);
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
