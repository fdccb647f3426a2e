@NullMarked
package dev.narwhal.destination;

import org.jspecify.annotations.NullMarked;
