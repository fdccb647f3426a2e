/**
 * Converts names from clients to safe names of files, objects and downloads.
 *
 * <p>Invariant: cleaning a cleaned name does not change it. Entry point: {@link dev.narwhal.naming.FileNames}.
 */
@NullMarked
package dev.narwhal.naming;

import org.jspecify.annotations.NullMarked;
