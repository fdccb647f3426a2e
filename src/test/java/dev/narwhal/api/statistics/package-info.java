@NullMarked
package dev.narwhal.api.statistics;

import org.jspecify.annotations.NullMarked;
