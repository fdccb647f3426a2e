@NullMarked
package dev.narwhal.api.docs;

import org.jspecify.annotations.NullMarked;
