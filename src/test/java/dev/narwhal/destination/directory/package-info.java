@NullMarked
package dev.narwhal.destination.directory;

import org.jspecify.annotations.NullMarked;
