/**
 * Tokens of an issuer outside of this server: whose they are, and what their holders may do.
 *
 * <p>Invariant: a token counts only when a key of the issuer has signed it, for this server, and only until it expires; a server
 * that cannot ask the issuer goes on with the keys that it knows. Entry point: {@link dev.narwhal.access.jwt.JwtConfiguration}.
 */
@NullMarked
package dev.narwhal.access.jwt;

import org.jspecify.annotations.NullMarked;
