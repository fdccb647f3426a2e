package dev.narwhal.upload;

import java.util.OptionalLong;

/**
 * Keeps a process that has lost its staging volume, but has not noticed yet, from adding or moving rows of uploads on that
 * volume. The statement itself checks who owns the volume.
 */
@FunctionalInterface
public interface RowFence {

    /** For a database that only one process uses. */
    RowFence NONE = OptionalLong::empty;

    /**
     * The incarnation that must own an upload's volume when the row is added or moved; empty when the statements need no such
     * check.
     */
    OptionalLong incarnation();
}
