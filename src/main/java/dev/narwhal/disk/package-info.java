/**
 * Calls of the file system, and whether its syncs can be trusted.
 *
 * <p>Invariant: when {@link dev.narwhal.disk.Journal#requireAlive()} returns, the syncs before it were durable. Entry
 * point: {@link dev.narwhal.disk.Journal}.
 */
@NullMarked
package dev.narwhal.disk;

import org.jspecify.annotations.NullMarked;
