package dev.narwhal.bench.table;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** One figure of several runs. */
final class Medians {

    private Medians() {}

    static double of(List<Figures> runs, ToDoubleFunction<Figures> figure) {
        double[] sorted = runs.stream().mapToDouble(figure).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    static double rate(List<Figures> runs) {
        return of(runs, Figures::rate);
    }

    /** How many times better than the other: above 1 is better, whether the row counts more or less as better. */
    static double ratio(Results.Measured row, String candidate, String other) {
        double own = rate(row.runs().get(candidate));
        double theirs = rate(row.runs().get(other));
        return row.more() ? own / theirs : theirs / own;
    }
}
