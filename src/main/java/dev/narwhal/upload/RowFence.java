package dev.narwhal.upload;

import java.util.OptionalLong;

/**
 * Keeps a process that has lost its staging volume, and does not know it yet, from adding and moving rows of uploads that are
 * staged there: the statement itself looks whose the volume is.
 */
@FunctionalInterface
public interface RowFence {

    /** For a database that one process has. */
    RowFence NONE = OptionalLong::empty;

    /** The incarnation that must own an upload's volume for its row to be added or moved; empty when nobody is to be asked. */
    OptionalLong incarnation();
}
