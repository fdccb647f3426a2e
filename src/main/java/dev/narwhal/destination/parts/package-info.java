/**
 * The code that all object stores share. A delivery sends an object in parts, several at once, and recognises the object by its
 * upload's id.
 *
 * <p>Invariant: all deliveries together have no more parts in flight than {@link dev.narwhal.destination.parts.PartBudget}
 * allows. This package uses no store's vocabulary. Entry points: {@link dev.narwhal.destination.parts.ObjectAttempt} and
 * {@link dev.narwhal.destination.parts.PartSender}.
 */
@NullMarked
package dev.narwhal.destination.parts;

import org.jspecify.annotations.NullMarked;
