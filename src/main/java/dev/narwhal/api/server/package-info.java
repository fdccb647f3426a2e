/**
 * What the server tells of itself: {@code /api/v1/config} for clients, {@code /api/v1/destinations} for operators.
 *
 * <p>Invariant: no secret, no path and no address of a store is in an answer to a client. Entry points: {@link
 * dev.narwhal.api.server.ConfigController}, {@link dev.narwhal.api.server.DestinationsController}.
 */
@NullMarked
package dev.narwhal.api.server;

import org.jspecify.annotations.NullMarked;
