@NullMarked
package dev.narwhal.api.keys;

import org.jspecify.annotations.NullMarked;
