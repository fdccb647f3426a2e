/**
 * The steps before the first request: checks the settings, explains a failed start, prints the ready line.
 *
 * <p>Invariant: if the operator can fix the reason of a failed start, the server prints it in one sentence; any other
 * failure keeps its stack trace. Entry point: {@link dev.narwhal.startup.StartupConfiguration}.
 */
@NullMarked
package dev.narwhal.startup;

import org.jspecify.annotations.NullMarked;
