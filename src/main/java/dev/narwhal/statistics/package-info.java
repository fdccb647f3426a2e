/**
 * Counts how uploads have gone, by hours and days, from their rows and after the fact.
 *
 * <p>Invariant: each upload counts once, with one outcome, whatever crashes, and no request waits for it. Entry point: {@link
 * dev.narwhal.statistics.StatisticsRollup}.
 */
@NullMarked
package dev.narwhal.statistics;

import org.jspecify.annotations.NullMarked;
