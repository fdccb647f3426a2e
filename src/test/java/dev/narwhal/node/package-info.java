@NullMarked
package dev.narwhal.node;

import org.jspecify.annotations.NullMarked;
