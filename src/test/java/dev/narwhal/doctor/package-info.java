@NullMarked
package dev.narwhal.doctor;

import org.jspecify.annotations.NullMarked;
