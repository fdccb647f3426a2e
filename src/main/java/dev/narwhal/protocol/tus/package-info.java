/**
 * tus 1.0.0 over HTTP, with tus-java-server as its engine.
 *
 * <p>Invariant: every check that needs no lease is made before a holder is asked to let go; every answer has
 * Tus-Resumable and the CORS headers. No SQL, no files. Entry points: {@code TusServlet}, {@code TusEngine}.
 */
@NullMarked
package dev.narwhal.protocol.tus;

import org.jspecify.annotations.NullMarked;
