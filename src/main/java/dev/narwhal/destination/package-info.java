/**
 * What a final home of finished files has to do, whatever it is: the interface that every store keeps to, and that an
 * application's own may keep to.
 *
 * <p>Invariants: an object is visible under its key only when it is whole; nothing that is not ours is replaced (unless
 * {@link dev.narwhal.destination.OnConflict#OVERWRITE} asks for it) or removed. Entry point:
 * {@link dev.narwhal.destination.Destination}. A leaf: knows no store and no other package of Narwhal.
 */
@NullMarked
package dev.narwhal.destination;

import org.jspecify.annotations.NullMarked;
