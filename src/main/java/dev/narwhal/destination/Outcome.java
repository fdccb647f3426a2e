package dev.narwhal.destination;

/**
 * The result of one delivery in a batch, or of one of its steps: a value, or the exception instead of it.
 *
 * @param <T> the value, such as {@link DeliveryReceipt}
 */
@FunctionalInterface
public interface Outcome<T> {

    /**
     * @throws DestinationException as {@link Destination#deliver}
     * @throws DeliveryStoppedException as {@link Destination#deliver}
     */
    T get() throws DestinationException, DeliveryStoppedException;

    /** Runs the step now, and keeps its value or its exception. */
    static <T> Outcome<T> of(Outcome<T> step) {
        try {
            T value = step.get();
            return () -> value;
        } catch (DestinationException e) {
            return failed(e);
        } catch (DeliveryStoppedException e) {
            return () -> {
                throw e;
            };
        } catch (RuntimeException e) {
            return () -> {
                throw e;
            };
        }
    }

    /** The step has failed. */
    static <T> Outcome<T> failed(DestinationException failure) {
        return () -> {
            throw failure;
        };
    }
}
