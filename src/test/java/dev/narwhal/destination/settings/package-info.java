@NullMarked
package dev.narwhal.destination.settings;

import org.jspecify.annotations.NullMarked;
