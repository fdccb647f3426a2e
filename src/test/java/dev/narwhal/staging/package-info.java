@NullMarked
package dev.narwhal.staging;

import org.jspecify.annotations.NullMarked;
