/**
 * The file system below H2: a file that no crash leaves half written, and its log ({@code docs/database.md} has its format).
 *
 * <p>Invariant: all that H2 writes between two syncs is in the file after a crash, or nothing of it; a log is done again to the state
 * of the file that it goes on from, and to no other. Begin with {@link dev.narwhal.database.h2.AtomicFile}.
 */
@NullMarked
package dev.narwhal.database.h2;

import org.jspecify.annotations.NullMarked;
