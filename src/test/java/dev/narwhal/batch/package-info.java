@NullMarked
package dev.narwhal.batch;

import org.jspecify.annotations.NullMarked;
