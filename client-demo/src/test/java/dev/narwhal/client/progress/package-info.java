@NullMarked
package dev.narwhal.client.progress;

import org.jspecify.annotations.NullMarked;
