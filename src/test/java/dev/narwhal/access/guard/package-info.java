@NullMarked
package dev.narwhal.access.guard;

import org.jspecify.annotations.NullMarked;
