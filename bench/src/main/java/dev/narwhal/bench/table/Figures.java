package dev.narwhal.bench.table;

import java.util.Map;

/**
 * What one run took. NaN where the row does not measure it.
 *
 * @param rate the row's main figure, in its unit
 * @param p50 milliseconds
 * @param p99 milliseconds
 * @param processor the server's processor time until it was at rest, in the row's unit
 * @param peak MiB of resident memory
 * @param more further figures, by their names
 */
record Figures(double rate, double p50, double p99, double processor, double peak, Map<String, Double> more) {

    static Figures ofRate(double rate) {
        return new Figures(rate, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Map.of());
    }

    Figures with(Map<String, Double> further) {
        return new Figures(rate, p50, p99, processor, peak, further);
    }
}
