/**
 * Who is calling, and what they may.
 *
 * <p>Invariant: a request whose caller may not do what it asks never reaches the use-cases. Entry point:
 * {@link dev.narwhal.access.AccessProperties}; everybody may upload so far.
 */
@NullMarked
package dev.narwhal.access;

import org.jspecify.annotations.NullMarked;
