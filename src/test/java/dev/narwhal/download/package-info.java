@NullMarked
package dev.narwhal.download;

import org.jspecify.annotations.NullMarked;
