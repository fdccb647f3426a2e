/**
 * What stores of objects have in common: an object is sent in parts, several at once, and known by its upload's id.
 *
 * <p>Invariant: all deliveries together have no more in flight than {@link dev.narwhal.destination.parts.PartBudget} allows. No
 * store's words are used here. Entry points: {@link dev.narwhal.destination.parts.ObjectAttempt} and
 * {@link dev.narwhal.destination.parts.PartSender}.
 */
@NullMarked
package dev.narwhal.destination.parts;

import org.jspecify.annotations.NullMarked;
