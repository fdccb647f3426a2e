package dev.narwhal.testkit;

import dev.narwhal.testkit.NetworkFault.Kind;
import java.io.IOException;
import java.time.Duration;

/**
 * The misfortunes of one connection, one after the other. Each direction's thread asks before it lets bytes pass, and may
 * have to wait: time is part of the fault.
 */
final class LinkTrouble {

    /** Nothing more passes this way; what comes is thrown away. */
    static final int LOST = -1;

    private static final int STEP_MILLIS = 20;

    /** What can be done to a connection. */
    interface Line {

        /** For the record. */
        void struck(NetworkFault fault);

        void resetBoth();

        /** Only the one side is told. */
        void resetClient();

        void resetServer();

        void endRequest() throws IOException;

        void endAnswer() throws IOException;

        boolean isEnded();
    }

    private final Line line;
    private final NetworkLuck luck;
    private NetworkFault next;
    private long left;
    private int leftOfAnswer;
    private long silentUntil = System.nanoTime();
    private long slowUntil = System.nanoTime();
    private int rate;
    private boolean requestLost;
    private boolean answerLost;

    LinkTrouble(Line line, NetworkLuck luck) {
        this.line = line;
        this.luck = luck;
        this.next = drawn();
    }

    private NetworkFault drawn() {
        NetworkFault fault = luck.draw();
        left = fault.after();
        leftOfAnswer = fault.within();
        return fault;
    }

    /** Returns how many bytes of the client may pass, at least 1, or {@link #LOST}. */
    int admitRequest(int wanted) throws IOException {
        pause(silence());
        int allowed = step(wanted);
        // Nobody acknowledges anything: the client sends what its window lets it, and no more.
        pause(silence());
        pause(allowed < wanted ? Duration.ofMillis(STEP_MILLIS) : Duration.ZERO);
        return allowed;
    }

    /** The same for bytes of the server. */
    int admitAnswer(int wanted) throws IOException {
        pause(silence());
        synchronized (this) {
            if (answerLost || !next.kind().strikesAnswer() || left > 0) {
                return answerLost ? LOST : wanted;
            }
            if (leftOfAnswer > 0) {
                int allowed = Math.min(wanted, leftOfAnswer);
                leftOfAnswer -= allowed;
                return allowed;
            }
            strike();
            return answerLost ? LOST : wanted;
        }
    }

    private synchronized int step(int wanted) throws IOException {
        if (requestLost) {
            return LOST;
        }
        if (left == 0 && !next.kind().strikesAnswer()) {
            strike();
            if (requestLost) {
                return LOST;
            }
        }
        int allowed = slow() ? Math.min(wanted, Math.max(1, rate * STEP_MILLIS / 1000)) : wanted;
        // What strikes an answer lets the rest of its request pass.
        allowed = left == 0 ? allowed : (int) Math.min(allowed, left);
        left = Math.max(0, left - allowed);
        return allowed;
    }

    /** Under the lock. What the connection survives is followed by the next. */
    private void strike() throws IOException {
        luck.struck(next);
        line.struck(next);
        switch (next.kind()) {
            case RESET, CUT_ANSWER -> {
                requestLost = true;
                answerLost = true;
                line.resetBoth();
            }
            case RESET_OF_CLIENT -> {
                requestLost = true;
                line.resetClient();
            }
            case RESET_OF_SERVER -> {
                requestLost = true;
                line.resetServer();
                silence(next.time());
            }
            case END_OF_REQUEST -> {
                requestLost = true;
                line.endRequest();
            }
            case END_OF_ANSWER, END_WITHIN_ANSWER -> {
                answerLost = true;
                line.endAnswer();
            }
            case STALL -> {
                silence(next.time());
                next = drawn();
            }
            case THROTTLE, TRICKLE -> {
                slowUntil = System.nanoTime() + next.time().toNanos();
                rate = NetworkLuck.rateOf(next);
                next = drawn();
            }
        }
    }

    /** True once the server was reset and the client does not know yet. */
    synchronized boolean isHeldBack() {
        return next.kind() == Kind.RESET_OF_SERVER && requestLost;
    }

    /** Waits for the end of a silence. */
    void awaitSound() {
        pause(silence());
    }

    private void silence(Duration time) {
        silentUntil = System.nanoTime() + time.toNanos();
    }

    private synchronized Duration silence() {
        return Duration.ofNanos(Math.max(0, silentUntil - System.nanoTime()));
    }

    private boolean slow() {
        return System.nanoTime() - slowUntil < 0;
    }

    /** Sleeps, since a stall is a fault made of time; in steps, so that a connection that is over ends it. */
    private void pause(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        try {
            while (end - System.nanoTime() > 0 && !line.isEnded()) {
                Thread.sleep(Math.min(STEP_MILLIS, Math.max(1, (end - System.nanoTime()) / 1_000_000)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
