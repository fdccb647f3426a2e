/**
 * What the log says beside its lines: which request a line belongs to, and, as JSON, its event and its upload.
 *
 * <p>Invariant: there is one way to log, a text of the form {@code event.name upload={} key={} words};
 * {@code docs/logging.md} lists the events. Entry point: {@link dev.narwhal.logging.LoggingConfiguration}.
 */
@NullMarked
package dev.narwhal.logging;

import org.jspecify.annotations.NullMarked;
