package dev.narwhal.destination;

/** The journal said no: this attempt is over, and that is no failure of the delivery. */
public class DeliveryStoppedException extends Exception {

    public DeliveryStoppedException(String message) {
        super(message);
    }
}
