/**
 * Endpoints of API keys, and of the sessions that browsers begin with one.
 *
 * <p>Invariant: a secret is in the answer that makes it, and in no other. Entry point:
 * {@link dev.narwhal.api.keys.KeysConfiguration}.
 */
@NullMarked
package dev.narwhal.api.keys;

import org.jspecify.annotations.NullMarked;
