/**
 * Final homes of finished files: the only package that knows an object store's SDK.
 *
 * <p>Invariants: an object is visible under its key only when it is whole; nothing that is not ours is replaced (unless
 * {@link dev.narwhal.destination.OnConflict#OVERWRITE} asks for it) or removed. Entry point:
 * {@link dev.narwhal.destination.Destination}. A leaf: depends on no other package of Narwhal.
 */
@NullMarked
package dev.narwhal.destination;

import org.jspecify.annotations.NullMarked;
