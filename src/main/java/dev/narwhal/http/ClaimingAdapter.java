package dev.narwhal.http;

import org.apache.coyote.Adapter;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.tomcat.util.net.SocketEvent;

/** The container's adapter between connections and servlets, with a {@link BodyClaim} for each request. */
abstract class ClaimingAdapter implements Adapter {

    private final Adapter next;

    ClaimingAdapter(Adapter next) {
        this.next = next;
    }

    abstract BodyClaim claim(Request request);

    /** Called before the servlets get a request. */
    void beforeService(Request request) {}

    /** Called when the servlets have answered a request. */
    void afterService(Request request) {}

    /** Whether the request was answered without reading its body, because there was no memory for it. */
    void refused(Request request) {}

    @Override
    public void service(Request request, Response response) throws Exception {
        if (BodyClaim.isMadeFor(request)) {
            next.service(request, response);
            return;
        }
        BodyClaim claim = claim(request);
        claim.begin();
        claim.attachTo(request);
        beforeService(request);
        try {
            next.service(request, response);
        } finally {
            afterService(request);
            if (claim.isRefused()) {
                refused(request);
            }
            claim.end();
        }
    }

    /** Called in place of {@link #service}, when the head is invalid. */
    @Override
    public void log(Request request, Response response, long time) {
        next.log(request, response, time);
    }

    @Override
    public boolean prepare(Request request, Response response) throws Exception {
        return next.prepare(request, response);
    }

    @Override
    public boolean asyncDispatch(Request request, Response response, SocketEvent status) throws Exception {
        return next.asyncDispatch(request, response, status);
    }

    @Override
    public void checkRecycled(Request request, Response response) {
        next.checkRecycled(request, response);
    }

    @Override
    public String getDomain() {
        return next.getDomain();
    }
}
