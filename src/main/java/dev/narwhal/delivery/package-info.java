/**
 * Delivers finished uploads to their destination, through restarts and faults of the server and the store.
 *
 * <p>Invariants: each finished upload becomes one object; every write compares the attempt's token, so that an attempt that was
 * taken for dead can do no harm; staged bytes are removed only after the object is verified and recorded. The transaction that
 * finishes an upload also adds the row of its task; {@link dev.narwhal.delivery.ScheduledDeliveries} does so as a listener of
 * uploads. Entry point: {@link dev.narwhal.delivery.DeliveryTask}.
 */
@NullMarked
package dev.narwhal.delivery;

import org.jspecify.annotations.NullMarked;
