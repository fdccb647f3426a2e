/**
 * The server's table of contents; everything else lives in a feature's package.
 *
 * <p>Invariant: this package holds {@link dev.narwhal.NarwhalApplication} and nothing more.
 */
@NullMarked
package dev.narwhal;

import org.jspecify.annotations.NullMarked;
