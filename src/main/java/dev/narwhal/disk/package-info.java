/**
 * What a file system's word is worth, and how to make it worth more.
 *
 * <p>Invariant: what {@link dev.narwhal.disk.Journal#requireAlive()} has let pass was kept by the syncs before it. A name or a content that
 * {@link dev.narwhal.disk.DurableDirectories} and {@link dev.narwhal.disk.DurableFiles} have made survives a power cut. Begin with
 * {@link dev.narwhal.disk.Journal}.
 */
@NullMarked
package dev.narwhal.disk;

import org.jspecify.annotations.NullMarked;
