/**
 * One file goes to the server, through breaks of either side. Invariants: a new upload's URL is remembered before its first
 * byte is sent; where to go on is what the server says, never what was sent; a file that changed is never completed.
 * Entry point: {@link dev.narwhal.client.transfer.Transfer#run()}.
 */
@NullMarked
package dev.narwhal.client.transfer;

import org.jspecify.annotations.NullMarked;
