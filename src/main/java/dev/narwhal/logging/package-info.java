/**
 * Additions to log lines: the id of the request and, in JSON, the event and the upload.
 *
 * <p>Invariant: there is one way to log, a line of the form {@code event.name upload={} key={} words}; {@code
 * docs/logging.md} lists the events. Entry point: {@link dev.narwhal.logging.LoggingConfiguration}.
 */
@NullMarked
package dev.narwhal.logging;

import org.jspecify.annotations.NullMarked;
