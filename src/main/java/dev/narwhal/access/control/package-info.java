/**
 * The machine's own way in: commands about API keys, which a running server takes from a socket in its data directory.
 *
 * <p>Invariant: who may write to the data directory may do all of it, and nobody else reaches the socket. Entry point:
 * {@link dev.narwhal.access.control.KeyCommands}.
 */
@NullMarked
package dev.narwhal.access.control;

import org.jspecify.annotations.NullMarked;
