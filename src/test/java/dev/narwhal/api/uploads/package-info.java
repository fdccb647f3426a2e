@NullMarked
package dev.narwhal.api.uploads;

import org.jspecify.annotations.NullMarked;
