/**
 * Final homes of finished files: the only package that knows an object store's SDK.
 *
 * <p>Invariant: an object is visible under its key only when it is whole. Entry point:
 * {@link dev.narwhal.destination.Destination}. A leaf: depends on no other package of Narwhal.
 */
@NullMarked
package dev.narwhal.destination;

import org.jspecify.annotations.NullMarked;
