/**
 * What a file system's word is worth.
 *
 * <p>Invariant: what {@link dev.narwhal.disk.Journal#requireAlive()} has let pass was kept by the syncs before it. Begin with
 * {@link dev.narwhal.disk.Journal}.
 */
@NullMarked
package dev.narwhal.disk;

import org.jspecify.annotations.NullMarked;
