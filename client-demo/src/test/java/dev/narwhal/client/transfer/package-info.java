@NullMarked
package dev.narwhal.client.transfer;

import org.jspecify.annotations.NullMarked;
