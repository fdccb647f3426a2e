/**
 * What a person sees while a file goes up: a bar on a terminal, plain lines elsewhere. Invariant: nothing is printed after
 * the view was closed. Entry point: {@link dev.narwhal.client.progress.BarView} and
 * {@link dev.narwhal.client.progress.PlainView}.
 */
@NullMarked
package dev.narwhal.client.progress;

import org.jspecify.annotations.NullMarked;
