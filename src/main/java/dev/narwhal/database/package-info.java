/**
 * The database: it makes changes of rows durable, classifies failures, and provides connections.
 *
 * <p>Invariant: a change committed through the {@link dev.narwhal.database.RowCommitter} survives kill -9 and a power cut once
 * the call has returned, and one caller's failure does not affect another caller. Begin with {@link
 * dev.narwhal.database.RowCommitter}.
 */
@NullMarked
package dev.narwhal.database;

import org.jspecify.annotations.NullMarked;
