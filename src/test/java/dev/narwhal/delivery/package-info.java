@NullMarked
package dev.narwhal.delivery;

import org.jspecify.annotations.NullMarked;
