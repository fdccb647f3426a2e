package dev.narwhal.delivery;

import java.util.List;

/**
 * How a destination names and describes an upload's object.
 *
 * @param template the template of its key
 * @param metadataKeys the keys of the client's metadata that are stored with the object
 */
record DeliveryTarget(KeyTemplate template, List<String> metadataKeys) {}
