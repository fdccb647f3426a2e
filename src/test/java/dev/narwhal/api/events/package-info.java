@NullMarked
package dev.narwhal.api.events;

import org.jspecify.annotations.NullMarked;
