@NullMarked
package dev.narwhal.statistics;

import org.jspecify.annotations.NullMarked;
