@NullMarked
package dev.narwhal.api;

import org.jspecify.annotations.NullMarked;
