@NullMarked
package dev.narwhal.destination.s3;

import org.jspecify.annotations.NullMarked;
