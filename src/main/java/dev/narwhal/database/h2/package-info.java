/**
 * The file system below H2: a file that no crash leaves half written, and its redo log ({@code docs/database.md} describes its
 * format).
 *
 * <p>Invariant: after a crash the file has all of H2's writes between two syncs, or none of them; a log is replayed only onto
 * the file state from which it began. Begin with {@link dev.narwhal.database.h2.AtomicFile}.
 */
@NullMarked
package dev.narwhal.database.h2;

import org.jspecify.annotations.NullMarked;
