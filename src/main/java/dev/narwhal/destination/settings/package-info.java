/**
 * The settings of all destinations, and the only class that knows all stores and creates them.
 *
 * <p>Invariant: a destination's messages call each setting by the name under which the operator has set it. Entry point:
 * {@link dev.narwhal.destination.settings.DestinationConfiguration}.
 */
@NullMarked
package dev.narwhal.destination.settings;

import org.jspecify.annotations.NullMarked;
