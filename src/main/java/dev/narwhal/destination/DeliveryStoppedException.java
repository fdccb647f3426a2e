package dev.narwhal.destination;

/** The journal answered {@code false}: this attempt ends. The delivery has not failed. */
public class DeliveryStoppedException extends Exception {

    public DeliveryStoppedException(String message) {
        super(message);
    }
}
