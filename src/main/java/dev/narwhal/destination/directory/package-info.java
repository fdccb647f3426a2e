/**
 * Finished files in a directory.
 *
 * <p>Invariant: nothing is delivered, looked for or removed in a directory that is not the one that it was. Entry point:
 * {@link dev.narwhal.destination.directory.DirectoryDestination}.
 */
@NullMarked
package dev.narwhal.destination.directory;

import org.jspecify.annotations.NullMarked;
