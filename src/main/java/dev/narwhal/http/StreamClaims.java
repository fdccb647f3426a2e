package dev.narwhal.http;

import java.util.Iterator;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.coyote.Adapter;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.jspecify.annotations.Nullable;

/**
 * The claims of the streams of one HTTP/2 connection. Tomcat allocates a stream's buffers at the first byte of its
 * body, before it calls a servlet. So the thread that reads the connection requests admission here.
 */
public final class StreamClaims {

    /** How many ended streams are remembered: their clients may not know yet, and may still send. */
    private static final int REMEMBERED = 400;

    private final BodyBudget budget;
    private final long weight;
    private final NavigableMap<Integer, BodyClaim> claims = new ConcurrentSkipListMap<>();
    private int last;

    /** @param weight bytes of heap that one body holds */
    public StreamClaims(BodyBudget budget, long weight) {
        this.budget = budget;
        this.weight = weight;
    }

    /** Gives the servlets each stream's claim, and ends it when the request is answered. */
    public Adapter claiming(Adapter next) {
        return new StreamAdapter(next, this);
    }

    /** Called when a request's head, or its trailers, have arrived. */
    public void headed(int stream) {
        if (stream > last) {
            last = stream;
            claims.put(stream, BodyClaim.on(budget, weight));
            if (claims.size() > 2 * REMEMBERED) {
                forget();
            }
        }
    }

    private void forget() {
        Iterator<BodyClaim> oldest =
                claims.headMap(last - 2 * REMEMBERED, false).values().iterator();
        while (oldest.hasNext()) {
            if (oldest.next().isOver()) {
                oldest.remove();
            }
        }
    }

    /** Whether bytes of that stream's body may be kept; otherwise they must be discarded. */
    public boolean admits(int stream) {
        BodyClaim claim = claims.get(stream);
        return claim == null || claim.admit();
    }

    /** Whether bytes of that stream's body have been or will be discarded, so that its end is never reached. */
    public boolean hasRefused(int stream) {
        BodyClaim claim = claims.get(stream);
        return claim != null && claim.isRefused();
    }

    /** Called when the stream was reset: the request may never reach a servlet. */
    public void abandoned(int stream) {
        BodyClaim claim = claims.get(stream);
        if (claim != null) {
            claim.abandon();
        }
    }

    /** Called when the connection is closed. */
    public void allAbandoned() {
        claims.values().forEach(BodyClaim::abandon);
    }

    private @Nullable BodyClaim of(Request request) {
        String stream = request.getProtocolRequestId();
        return stream == null || stream.isEmpty() ? null : claims.get(Integer.valueOf(stream));
    }

    private static final class StreamAdapter extends ClaimingAdapter {

        private final StreamClaims streams;

        StreamAdapter(Adapter next, StreamClaims streams) {
            super(next);
            this.streams = streams;
        }

        /** The first stream of a connection that upgraded from HTTP/1.1 has no claim yet, and no body. */
        @Override
        BodyClaim claim(Request request) {
            BodyClaim claim = streams.of(request);
            return claim == null ? BodyClaim.on(streams.budget, streams.weight) : claim;
        }

        @Override
        public void log(Request request, Response response, long time) {
            BodyClaim claim = streams.of(request);
            if (claim != null) {
                claim.end();
            }
            super.log(request, response, time);
        }
    }
}
