package dev.narwhal.bench.table;

import java.util.Map;

/**
 * Where a row's processor time goes, in Narwhal.
 *
 * @param threads share of each kind of thread, percent, the largest first
 * @param places share of each place in the code, percent, the largest first
 */
record Profile(String row, Map<String, Double> threads, Map<String, Double> places) {}
