/**
 * Clients as people run them, against the jar as a process. What needs more than a JDK (Node, curl) has the tag
 * {@code clients} and runs in the Maven profile of that name.
 */
@NullMarked
package dev.narwhal.clients;

import org.jspecify.annotations.NullMarked;
