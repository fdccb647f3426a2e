/**
 * Names that clients chose, made fit to be the name of a file, an object or a download.
 *
 * <p>Invariant: a name that was cleaned is not changed by cleaning it again. Entry point: {@link dev.narwhal.naming.FileNames}.
 */
@NullMarked
package dev.narwhal.naming;

import org.jspecify.annotations.NullMarked;
