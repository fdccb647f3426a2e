package dev.narwhal.upload;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Lets threads begin together. */
public final class Race {

    /** What one of the threads does. */
    @FunctionalInterface
    public interface Runner<T> {
        T run(int thread) throws Exception;
    }

    private Race() {}

    /** What each thread answered, in the order of the threads; the first exception, when one failed. */
    public static <T> List<T> run(int threads, Runner<T> runner) throws Exception {
        CyclicBarrier start = new CyclicBarrier(threads);
        List<Callable<T>> runs = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int thread = i;
            runs.add(() -> {
                start.await();
                return runner.run(thread);
            });
        }
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            List<T> answers = new ArrayList<>();
            for (Future<T> answer : executor.invokeAll(runs)) {
                answers.add(answer.get());
            }
            return answers;
        }
    }
}
