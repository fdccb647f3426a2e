/**
 * The plumbing of the HTTP API below {@code /api/v1}: the caller as an argument, the role that each endpoint needs,
 * problem documents for every failure, and cursors. Each group of endpoints has a package of its own below this one.
 *
 * <p>Invariant: an endpoint without {@link dev.narwhal.api.Needs} answers nothing, and no answer holds a database
 * connection while it streams or waits. Entry points: {@link dev.narwhal.api.ApiConfiguration}, {@link
 * dev.narwhal.api.Needs}, {@link dev.narwhal.api.ApiProblem}.
 */
@NullMarked
package dev.narwhal.api;

import org.jspecify.annotations.NullMarked;
