@NullMarked
package dev.narwhal.api.creation;

import org.jspecify.annotations.NullMarked;
