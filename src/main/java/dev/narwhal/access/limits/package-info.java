/**
 * Limits of owners, of keys and of the server: rates in the memory of this process, use in the table {@code usage}.
 *
 * <p>Invariant: the use of an owner is what a recount of its uploads gives; it changes in the transaction that changes an
 * upload. Without a limit a request costs one comparison, and an upload of nobody no statement. Entry point: {@link
 * dev.narwhal.access.limits.Limiter}.
 */
@NullMarked
package dev.narwhal.access.limits;

import org.jspecify.annotations.NullMarked;
