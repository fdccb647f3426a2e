/**
 * Who calls, who owns an upload, and how much a caller may use.
 *
 * <p>Invariant: every use-case takes a {@link dev.narwhal.access.Caller}, and its first statement loads only rows of
 * that owner: a stranger finds no upload. Entry point: {@link dev.narwhal.access.Caller}; so far every caller is
 * {@link dev.narwhal.access.Caller#ANYBODY}.
 */
@NullMarked
package dev.narwhal.access;

import org.jspecify.annotations.NullMarked;
