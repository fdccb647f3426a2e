@NullMarked
package dev.narwhal.destination.azure;

import org.jspecify.annotations.NullMarked;
