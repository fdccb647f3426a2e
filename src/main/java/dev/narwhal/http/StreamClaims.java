package dev.narwhal.http;

import java.util.Iterator;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.coyote.Adapter;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.jspecify.annotations.Nullable;

/**
 * The claims of the streams of one HTTP/2 connection. A stream's buffers are made when the first byte of its body comes, before
 * any servlet is asked: so the thread that reads the connection asks here.
 */
public final class StreamClaims {

    /** How many streams that are over are remembered: their clients may not have heard of it yet, and still send. */
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

    /** Puts each stream's claim before the servlets, and ends it when the request is answered. */
    public Adapter claiming(Adapter next) {
        return new StreamAdapter(next, this);
    }

    /** The head of a request has come, or the trailers of one. */
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

    /** Whether bytes of that stream's body may be kept; else they have to be swallowed. */
    public boolean admits(int stream) {
        BodyClaim claim = claims.get(stream);
        return claim == null || claim.admit();
    }

    /** Whether bytes of that stream's body have been or will be swallowed, so that it never comes to its end. */
    public boolean hasRefused(int stream) {
        BodyClaim claim = claims.get(stream);
        return claim != null && claim.isRefused();
    }

    /** The stream was reset: it may be that no servlet hears of the request. */
    public void abandoned(int stream) {
        BodyClaim claim = claims.get(stream);
        if (claim != null) {
            claim.abandon();
        }
    }

    /** The connection is closed. */
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

        /** The first stream of a connection that began as HTTP/1.1 has no claim yet, and no body. */
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
