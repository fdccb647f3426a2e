/**
 * Calls of the file system, whether its syncs can be trusted, and durable files and directories.
 *
 * <p>Invariant: when {@link dev.narwhal.disk.Journal#requireAlive()} returns, the syncs before it were durable. A name
 * or a content that {@link dev.narwhal.disk.DurableDirectories} and {@link dev.narwhal.disk.DurableFiles} have created
 * survives a power cut. Entry point: {@link dev.narwhal.disk.Journal}.
 */
@NullMarked
package dev.narwhal.disk;

import org.jspecify.annotations.NullMarked;
