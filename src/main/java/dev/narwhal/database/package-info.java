/**
 * The database: how changes of rows become durable, what its failures mean, and the connections to it.
 *
 * <p>Invariant: what was committed through the {@link dev.narwhal.database.RowCommitter} survives kill -9 and a power cut once the
 * call has returned, and one caller's failure is nobody else's. Begin with {@link dev.narwhal.database.RowCommitter}.
 */
@NullMarked
package dev.narwhal.database;

import org.jspecify.annotations.NullMarked;
