package dev.narwhal.delivery;

import java.time.Duration;

/**
 * The settings of a delivery task.
 *
 * @param keepAfterDelivery how long staged bytes stay after the delivery, from 0
 * @param isStagingDurable whether staged bytes are synced before they are acknowledged
 */
record DeliverySettings(
        DeliveryProperties delivery, Duration keepAfterDelivery, Backoff backoff, boolean isStagingDurable) {}
