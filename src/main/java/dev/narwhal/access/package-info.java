/**
 * Who is calling, whose upload is it, and how much may they.
 *
 * <p>Invariant: every use-case takes a {@link dev.narwhal.access.Caller}, and its first statement loads the rows of that owner
 * and no others: to a stranger an upload is not there. Entry point: {@link dev.narwhal.access.Caller}; everybody is
 * {@linkplain dev.narwhal.access.Caller#ANYBODY anybody} so far.
 */
@NullMarked
package dev.narwhal.access;

import org.jspecify.annotations.NullMarked;
