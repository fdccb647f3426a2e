/**
 * tus 1.0.0 on the wire, with tus-java-server as its engine.
 *
 * <p>Invariant: whatever can be refused without the lease is refused before anybody is asked to let go; every answer
 * carries Tus-Resumable and the CORS headers. No SQL, no files. Entry points: {@code TusServlet}, {@code TusEngine}.
 */
@NullMarked
package dev.narwhal.protocol.tus;

import org.jspecify.annotations.NullMarked;
