@NullMarked
package dev.narwhal.api.server;

import org.jspecify.annotations.NullMarked;
