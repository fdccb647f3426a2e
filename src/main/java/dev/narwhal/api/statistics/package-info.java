/**
 * {@code /api/v1/statistics}: how uploads have gone, by hours and days.
 *
 * <p>Invariant: without the role OPERATE an owner learns of its own uploads alone. Entry point: {@link
 * dev.narwhal.api.statistics.StatisticsController}.
 */
@NullMarked
package dev.narwhal.api.statistics;

import org.jspecify.annotations.NullMarked;
