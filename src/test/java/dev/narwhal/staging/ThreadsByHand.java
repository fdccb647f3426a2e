package dev.narwhal.staging;

import java.util.ArrayDeque;
import java.util.concurrent.Executor;

/** Work that begins when the test says so, in the test's thread; or that no thread can be started for. */
final class ThreadsByHand implements Executor {

    private final ArrayDeque<Runnable> waiting = new ArrayDeque<>();
    private boolean refusing;

    @Override
    public void execute(Runnable work) {
        if (refusing) {
            throw none();
        }
        waiting.add(work);
    }

    /** Does all work, also what it starts. */
    void work() {
        for (Runnable work = waiting.poll(); work != null; work = waiting.poll()) {
            work.run();
        }
    }

    /** From now on. */
    void refuse() {
        refusing = true;
    }

    /** What the JVM throws when the system gives it no thread. */
    static OutOfMemoryError none() {
        return new OutOfMemoryError("unable to create native thread");
    }
}
