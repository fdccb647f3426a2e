/**
 * Which process this is, and which staging volume is its own.
 *
 * <p>A node is a machine or a container, by its name; an incarnation is one process, by a number that the database gives
 * once; a volume is a place for staged bytes, by an id that it carries with itself. Which of them belong together is a row.
 *
 * <p>Invariant: on a database that processes share, a volume belongs to one incarnation at a time, and only that one adds or
 * moves rows of uploads that are staged there. Entry point: {@link dev.narwhal.node.VolumeOwnership}.
 */
@NullMarked
package dev.narwhal.node;

import org.jspecify.annotations.NullMarked;
