/**
 * Moves finished uploads to their destination, through restarts and faults of either side.
 *
 * <p>Invariants: one object a finished upload; every write compares the attempt's token, so that an attempt that was given
 * up for dead can do no harm; staged bytes go only after the object is verified and recorded. The hand-over is a task's row
 * written in the finishing transaction, by {@link dev.narwhal.delivery.ScheduledDeliveries}, which listens to uploads. Entry
 * point: {@link dev.narwhal.delivery.DeliveryTask}.
 */
@NullMarked
package dev.narwhal.delivery;

import org.jspecify.annotations.NullMarked;
