/**
 * Owners over the API: what each uses, and what it may use.
 *
 * <p>Invariant: an owner sees itself, operators see all. Entry point: {@link dev.narwhal.api.owners.OwnersController}.
 */
@NullMarked
package dev.narwhal.api.owners;

import org.jspecify.annotations.NullMarked;
