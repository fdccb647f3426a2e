/** What an operator sees of a running server: health, metrics, logs, stops. */
@org.jspecify.annotations.NullMarked
package dev.narwhal.operations;
