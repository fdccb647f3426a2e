package dev.narwhal.bench.table;

import dev.narwhal.bench.server.Candidate;

/** A row whose every run starts and ends its own server, or does more with it than one load. */
abstract class EachRow extends NamedRow {

    /** @param unit of the rate, of which less is better */
    EachRow(String id, String title, String unit, String processorUnit) {
        super(id, title, unit, false, processorUnit);
    }

    abstract Figures run(Bench bench, Candidate candidate, int round) throws Exception;

    /** The first counts like the others: each server is as new in all of them. */
    @Override
    public void measure(Bench bench) throws Exception {
        for (int round = 1; bench.goesOn(round); round++) {
            for (Candidate candidate : bench.withDistribution()) {
                if (!bench.results().of(this).failures().containsKey(candidate.name())) {
                    attempt(bench, candidate, round);
                }
            }
        }
    }

    private void attempt(Bench bench, Candidate candidate, int round) throws InterruptedException {
        try {
            bench.results().add(this, candidate.name(), round, run(bench, candidate, round));
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            bench.results().failed(this, candidate.name(), e);
        }
    }
}
