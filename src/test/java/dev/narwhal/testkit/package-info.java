/** What tests of several packages share. Entry point: {@link dev.narwhal.testkit.NarwhalProcess}. */
@NullMarked
package dev.narwhal.testkit;

import org.jspecify.annotations.NullMarked;
