@NullMarked
package dev.narwhal.client.resume;

import org.jspecify.annotations.NullMarked;
