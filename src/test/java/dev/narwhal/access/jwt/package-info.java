@NullMarked
package dev.narwhal.access.jwt;

import org.jspecify.annotations.NullMarked;
