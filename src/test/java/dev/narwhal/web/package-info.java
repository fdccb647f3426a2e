@NullMarked
package dev.narwhal.web;

import org.jspecify.annotations.NullMarked;
