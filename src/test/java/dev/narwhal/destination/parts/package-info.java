@NullMarked
package dev.narwhal.destination.parts;

import org.jspecify.annotations.NullMarked;
