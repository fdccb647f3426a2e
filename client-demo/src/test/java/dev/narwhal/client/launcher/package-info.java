@NullMarked
package dev.narwhal.client.launcher;

import org.jspecify.annotations.NullMarked;
