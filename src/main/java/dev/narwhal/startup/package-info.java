/**
 * What happens before the first request: settings are checked, and the server says where it is.
 *
 * <p>Invariant: a start that fails for a reason that its operator can mend says so in one sentence; any other failure
 * keeps its stack trace. Entry point: {@link dev.narwhal.startup.StartupConfiguration}.
 */
@NullMarked
package dev.narwhal.startup;

import org.jspecify.annotations.NullMarked;
