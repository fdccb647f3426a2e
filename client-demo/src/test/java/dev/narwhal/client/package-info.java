@NullMarked
package dev.narwhal.client;

import org.jspecify.annotations.NullMarked;
