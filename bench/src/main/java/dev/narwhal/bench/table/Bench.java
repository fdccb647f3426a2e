package dev.narwhal.bench.table;

import dev.narwhal.bench.server.Candidate;
import dev.narwhal.bench.server.Candidates;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * What a row has to measure with.
 *
 * @param scratch a directory of this run, deleted when all rows are done
 * @param rounds after those that do not count
 * @param enough asked after each round: whether no further one is needed
 */
record Bench(
        Options options,
        List<Candidate> candidates,
        Path scratch,
        Results results,
        int rounds,
        BooleanSupplier enough) {

    Bench(Options options, List<Candidate> candidates, Path scratch, Results results, int rounds) {
        this(options, candidates, scratch, results, rounds, () -> false);
    }

    Bench until(BooleanSupplier condition) {
        return new Bench(options, candidates, scratch, results, rounds, condition);
    }

    boolean goesOn(int round) {
        return round <= 0 || round <= rounds && !enough.getAsBoolean();
    }

    /** For rows that tell how the server starts: with the distribution, if there is one. */
    List<Candidate> withDistribution() {
        if (options.distribution() == null) {
            return candidates;
        }
        List<Candidate> all = new ArrayList<>(candidates);
        all.add(1, new Candidates(options.project()).distribution(options.distribution()));
        return all;
    }

    /** A place for one candidate's files in one row. It does not exist yet. */
    Path directory(Row row, Candidate candidate) {
        return directory(row, candidate.name());
    }

    Path directory(Row row, String name) {
        return scratch.resolve(row.id() + "-" + name.replaceAll("\\W", "-"));
    }
}
