/**
 * The command line: reads the options, uploads the files one after the other, says how it went. Everything that reads the
 * surroundings (environment, terminal, clock) is in {@link dev.narwhal.client.NarwhalClient}, the entry point.
 */
@NullMarked
package dev.narwhal.client;

import org.jspecify.annotations.NullMarked;
