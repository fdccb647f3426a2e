package dev.narwhal.bench.table;

import java.util.Map;

/**
 * Where a row's processor time goes, in Narwhal.
 *
 * @param unit of {@code total}, such as {@code µs/upload}
 * @param total processor time of all threads
 * @param shares percent of it by what the threads do, the largest first; 100 together
 */
record Profile(String row, String unit, double total, Map<String, Double> shares) {}
