/**
 * The interface of all stores for finished files. An application may implement it, too.
 *
 * <p>Invariants: an object becomes visible under its key only when it is complete. A destination never removes an object of
 * another upload or program, and replaces one only if {@link dev.narwhal.destination.OnConflict#OVERWRITE} allows it. Entry
 * point: {@link dev.narwhal.destination.Destination}. This package knows no store and no other package of Narwhal.
 */
@NullMarked
package dev.narwhal.destination;

import org.jspecify.annotations.NullMarked;
