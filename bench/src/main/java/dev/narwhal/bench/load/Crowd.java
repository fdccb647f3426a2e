package dev.narwhal.bench.load;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Connections that begin together, each with a thread of its own. */
public final class Crowd {

    /** What one connection does. */
    @FunctionalInterface
    public interface Member {
        /** Prepares, awaits the start, and notes what each operation took. */
        void run(int number, CyclicBarrier start, Latencies latencies) throws Exception;
    }

    private Crowd() {}

    /** @throws Exception the first member's that failed */
    public static Load run(int connections, Member member) throws Exception {
        long[] begin = new long[1];
        CyclicBarrier start = new CyclicBarrier(connections, () -> begin[0] = System.nanoTime());
        List<Latencies> latencies = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
            List<Future<Long>> members = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                int number = i;
                Latencies own = new Latencies();
                latencies.add(own);
                members.add(threads.submit(() -> one(member, number, start, own)));
            }
            long end = 0;
            for (Future<Long> each : members) {
                end = Math.max(end, get(each, threads));
            }
            return new Load((end - begin[0]) / 1e9, sorted(latencies));
        }
    }

    private static long one(Member member, int number, CyclicBarrier start, Latencies latencies) throws Exception {
        try {
            member.run(number, start, latencies);
        } catch (Exception e) {
            // The others would wait for it.
            start.reset();
            throw e;
        }
        return System.nanoTime();
    }

    private static long get(Future<Long> member, ExecutorService threads) throws Exception {
        try {
            return member.get();
        } catch (ExecutionException e) {
            threads.shutdownNow();
            throw e.getCause() instanceof Exception cause ? cause : e;
        }
    }

    private static long[] sorted(List<Latencies> all) {
        long[] sorted =
                all.stream().flatMapToLong(each -> Arrays.stream(each.nanos())).toArray();
        Arrays.sort(sorted);
        return sorted;
    }
}
