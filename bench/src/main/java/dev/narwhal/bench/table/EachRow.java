package dev.narwhal.bench.table;

import dev.narwhal.bench.server.Candidate;

/** A row whose every run starts and ends its own server, or does more with it than one load. */
abstract class EachRow implements Row {

    private final String id;
    private final String title;
    private final String unit;
    private final String processorUnit;

    EachRow(String id, String title, String unit, String processorUnit) {
        this.id = id;
        this.title = title;
        this.unit = unit;
        this.processorUnit = processorUnit;
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public String title() {
        return title;
    }

    @Override
    public String unit() {
        return unit;
    }

    @Override
    public boolean more() {
        return false;
    }

    @Override
    public String processorUnit() {
        return processorUnit;
    }

    Figures run(Bench bench, Candidate candidate, int round) throws Exception {
        throw new UnsupportedOperationException("is not measured");
    }

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
