package dev.narwhal.bench.table;

import dev.narwhal.bench.Scratch;
import dev.narwhal.bench.server.Candidates;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;

/**
 * Tells whether Narwhal has become much slower, beside @tus/server on the same machine in the same minutes. A row fails only when
 * each of three rounds is below 40 % of the ratio that was reached: a busy machine is no reason to fail.
 */
public final class Guard {

    static final double SHARE = 0.4;
    private static final int ROUNDS = 3;

    private Guard() {}

    public static void main(String[] args) throws Exception {
        Options options = Options.of(args).withPeers(Set.of(Candidates.NARWHAL, Candidates.NODE));
        Map<String, Double> reached = reached(options.project().resolve("bench/reached.properties"));
        Path scratch = Files.createTempDirectory(options.scratch(), "bench");
        List<String> fallen = new ArrayList<>();
        try {
            Results results = new Results(null, Map.of());
            Bench bench = new Bench(options, PeersBench.candidates(options), scratch, results, ROUNDS);
            for (Row row : Rows.brief()) {
                Verdict verdict = new Verdict(row, results, reached.get(row.id()));
                row.measure(bench.until(verdict::holds));
                if (!verdict.holds()) {
                    fallen.add(verdict.toString());
                }
            }
        } finally {
            Scratch.delete(scratch);
        }
        fallen.forEach(System.out::println);
        if (!fallen.isEmpty()) {
            System.exit(1);
        }
    }

    private static Map<String, Double> reached(Path file) throws IOException {
        Properties lines = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            lines.load(reader);
        }
        Map<String, Double> reached = new HashMap<>();
        lines.forEach((row, ratio) -> reached.put((String) row, Double.valueOf((String) ratio)));
        return reached;
    }

    /** @param reached the ratio to @tus/server of a quiet machine */
    private record Verdict(Row row, Results results, double reached) {

        boolean holds() {
            return best() >= SHARE * reached;
        }

        /** Of the rounds in which both were measured; 0 without one. */
        private double best() {
            List<Figures> own = runs(Candidates.NARWHAL);
            List<Figures> other = runs(Candidates.NODE);
            double best = 0;
            for (int i = 0; i < Math.min(own.size(), other.size()); i++) {
                best = Math.max(best, own.get(i).rate() / other.get(i).rate());
            }
            return best;
        }

        private List<Figures> runs(String candidate) {
            return results.of(row).runs().getOrDefault(candidate, List.of());
        }

        @Override
        public String toString() {
            return "%s: %.2f times @tus/server in the best of its rounds; %.2f was reached, and the limit is %.0f %% of it: %s"
                    .formatted(
                            row.id(),
                            best(),
                            reached,
                            100 * SHARE,
                            results.of(row).failures());
        }
    }
}
