/**
 * Finished files in a directory.
 *
 * <p>Invariant: the server neither delivers to a directory, nor reads or removes a file there, unless the directory has the
 * expected marker. Entry point:
 * {@link dev.narwhal.destination.directory.DirectoryDestination}.
 */
@NullMarked
package dev.narwhal.destination.directory;

import org.jspecify.annotations.NullMarked;
