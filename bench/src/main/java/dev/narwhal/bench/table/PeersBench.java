package dev.narwhal.bench.table;

import dev.narwhal.bench.Scratch;
import dev.narwhal.bench.server.Candidate;
import dev.narwhal.bench.server.Candidates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** Measures the rows of the table on Narwhal and its peers, and writes a result file. */
public final class PeersBench {

    private PeersBench() {}

    public static void main(String[] args) throws Exception {
        Options options = Options.of(args);
        long begin = System.nanoTime();
        Path scratch = Files.createTempDirectory(options.scratch(), "bench");
        Path file = options.project().resolve("bench/results/" + LocalDate.now() + "-" + options.name() + ".json");
        try {
            Results results = new Results(file, Machine.describe(scratch));
            Bench bench = new Bench(options, candidates(options), scratch, results, options.rounds());
            for (Row row : Rows.all()) {
                if (options.wants(row)) {
                    run(row, bench);
                }
            }
            System.out.printf(
                    "%nIn %.0f s: %s%n%n%s",
                    (System.nanoTime() - begin) / 1e9, file, MarkdownTable.of(results.content()));
        } finally {
            Scratch.delete(scratch);
        }
    }

    private static void run(Row row, Bench bench) throws IOException, InterruptedException {
        System.out.println("\n" + row.id() + ": " + row.title());
        try {
            row.measure(bench);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            bench.results().failed(row, "all", e);
        }
        bench.results().write();
    }

    /** A peer that cannot be installed here is left out. */
    static List<Candidate> candidates(Options options) throws InterruptedException {
        Candidates all = new Candidates(options.project());
        List<Candidate> wanted = new ArrayList<>();
        add(options, Candidates.NARWHAL, wanted, () -> all.narwhal(options.jar(), options.java()));
        add(options, Candidates.TUSD, wanted, all::tusd);
        add(options, Candidates.NODE, wanted, all::node);
        add(options, Candidates.LIMIT, wanted, all::limit);
        return wanted;
    }

    private static void add(Options options, String name, List<Candidate> wanted, Callable<Candidate> candidate)
            throws InterruptedException {
        if (!options.wantsPeer(name)) {
            return;
        }
        try {
            wanted.add(candidate.call());
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            System.out.println("Without " + name + ": " + e.getMessage());
        }
    }
}
