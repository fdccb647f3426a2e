/**
 * {@code /api/v1/events}: changes of uploads as they happen, as Server-Sent Events.
 *
 * <p>Invariant: no request of a client waits for a reader of events, and none of them holds a database connection while it waits.
 * Entry point: {@link dev.narwhal.api.events.EventFeed}.
 */
@NullMarked
package dev.narwhal.api.events;

import org.jspecify.annotations.NullMarked;
