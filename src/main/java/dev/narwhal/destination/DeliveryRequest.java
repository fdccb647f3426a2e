package dev.narwhal.destination;

/**
 * One call of {@link Destination#deliver}, as {@link Destination#deliverAll} takes it.
 *
 * @param content stays readable until the call returns
 */
public record DeliveryRequest(DeliveryJob job, ContentSource content, DeliveryJournal journal) {}
