/**
 * The identity of this process, and the ownership of its staging volume.
 *
 * <p>A node is a machine or a container, identified by its name. An incarnation is one process, identified by a number that the
 * database gives only once. A volume is a place for staged bytes, identified by an id stored in it. A row says which
 * incarnation on which node owns a volume.
 *
 * <p>Invariant: on a database that processes share, one incarnation at a time owns a volume, and only that one adds or moves
 * rows of uploads on that volume. Entry point: {@link dev.narwhal.node.VolumeOwnership}.
 */
@NullMarked
package dev.narwhal.node;

import org.jspecify.annotations.NullMarked;
