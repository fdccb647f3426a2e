package dev.narwhal.delivery;

import java.util.List;

/**
 * What an upload's object is to be like at one destination.
 *
 * @param template of its key
 * @param metadataKeys of the client's metadata that are kept with it
 */
record DeliveryTarget(KeyTemplate template, List<String> metadataKeys) {}
