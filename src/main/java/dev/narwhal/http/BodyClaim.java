package dev.narwhal.http;

import jakarta.servlet.ServletRequest;
import org.jspecify.annotations.Nullable;

/**
 * One request's claim on the memory that its body holds while it is read. The container makes it, whoever reads the body has it
 * admitted first, and it ends with the request.
 *
 * <p>Over HTTP/2 two threads ask: the one that reads the connection, at the first byte of the body, and the one that works on
 * the request. The first to ask decides for both.
 */
public final class BodyClaim {

    /** After which a refused client should come back: bodies of a slow line end some time, those of fast ones soon. */
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

    /** @param weight bytes of heap that the body holds while it is read */
    static BodyClaim on(BodyBudget budget, long weight) {
        return new BodyClaim(budget, weight);
    }

    /** The claim of a request; one that is always admitted where the container makes none. */
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
     * Whether the body may be read. The first answer stays.
     *
     * @return false when it may not: then nothing of it has been kept, and the request has to be answered 503. Over HTTP/1.1
     *     the container closes the connection behind that answer, over HTTP/2 it resets the stream.
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

    /** Somebody works on the request, and will call {@link #end()}. */
    synchronized void begin() {
        begun = true;
    }

    /** The client gave the request up; if nobody works on it, nobody will. */
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
