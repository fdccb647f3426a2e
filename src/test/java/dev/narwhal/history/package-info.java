@NullMarked
package dev.narwhal.history;

import org.jspecify.annotations.NullMarked;
