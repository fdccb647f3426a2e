/** What runs before the Java version is known to be new enough. Uses nothing of the other packages but a class name. */
@NullMarked
package dev.narwhal.client.launcher;

import org.jspecify.annotations.NullMarked;
