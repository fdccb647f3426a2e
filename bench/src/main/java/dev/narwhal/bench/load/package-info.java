/**
 * A tus client that costs as little processor time as it can, since the server that it measures has the same processors:
 * blocking sockets, a platform thread each, buffers that are made once, no HTTP library.
 */
package dev.narwhal.bench.load;
