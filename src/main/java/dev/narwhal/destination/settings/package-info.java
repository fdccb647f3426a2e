/**
 * Which destinations there are: the settings that name them, and the one place that knows all stores and makes them.
 *
 * <p>Invariant: a destination that is made says of each setting the name that it was set by. Entry point:
 * {@link dev.narwhal.destination.settings.DestinationConfiguration}.
 */
@NullMarked
package dev.narwhal.destination.settings;

import org.jspecify.annotations.NullMarked;
