package dev.narwhal.http;

import jakarta.servlet.ServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * One request's claim on the memory of its body. The container creates it, the reader of the body must have it admitted
 * first, and it ends with the request.
 *
 * <p>Over HTTP/2 two threads request admission: the one that reads the connection, at the first byte of the body, and
 * the one that handles the request. The first request decides for both.
 */
public final class BodyClaim {

    /** The time after which a refused client should come back; bodies on fast lines end soon. */
    public static final String RETRY_SECONDS = "5";

    private static final String ATTRIBUTE = BodyClaim.class.getName();

    private final @Nullable BodyBudget budget;
    private final long weight;
    private State state = State.OPEN;
    private boolean begun;
    private boolean ended;

    private enum State {
        OPEN,
        ADMITTED,
        REFUSED
    }

    private BodyClaim(@Nullable BodyBudget budget, long weight) {
        this.budget = budget;
        this.weight = weight;
    }

    /** @param weight bytes of heap that the body holds during its reception */
    static BodyClaim on(BodyBudget budget, long weight) {
        return new BodyClaim(budget, weight);
    }

    /** The claim of a request; an always admitted one where the container creates none. */
    public static BodyClaim of(ServletRequest request) {
        return request.getAttribute(ATTRIBUTE) instanceof BodyClaim claim ? claim : new BodyClaim(null, 0);
    }

    static boolean isMadeFor(org.apache.coyote.Request request) {
        return request.getAttribute(ATTRIBUTE) != null;
    }

    void attachTo(org.apache.coyote.Request request) {
        request.setAttribute(ATTRIBUTE, this);
    }

    /**
     * Admits the body or refuses it; the first decision stays.
     * @return false when the body is refused: then no byte of it was kept, and the caller must answer 503. Over
     *     HTTP/1.1 the container closes the connection after that answer, over HTTP/2 it resets the stream.
     */
    public synchronized boolean admit() {
        if (state == State.OPEN) {
            state = !ended && (budget == null || budget.take(weight)) ? State.ADMITTED : State.REFUSED;
        }
        return state == State.ADMITTED;
    }

    synchronized boolean isRefused() {
        return state == State.REFUSED;
    }

    /** A thread handles the request now, and will call {@link #end()}. */
    synchronized void begin() {
        begun = true;
    }

    /** The client has cancelled the request; if no thread handles it yet, none will. */
    synchronized void abandon() {
        if (!begun) {
            end();
        }
    }

    synchronized void end() {
        if (!ended && budget != null && state == State.ADMITTED) {
            budget.giveBack(weight);
        }
        ended = true;
    }

    synchronized boolean isOver() {
        return ended;
    }
}
