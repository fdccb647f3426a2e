/**
 * Clients as people run them, against the jar as a process. {@code ClientMatrixIT} puts each through the same
 * scenarios; {@code ClientReplayIT} replays those that cannot be run here. What needs more than a JDK has the tag
 * {@code clients} and runs in the Maven profile of that name.
 */
@NullMarked
package dev.narwhal.clients;

import org.jspecify.annotations.NullMarked;
