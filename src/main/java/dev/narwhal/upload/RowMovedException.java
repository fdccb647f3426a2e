package dev.narwhal.upload;

/** Rolls a transaction back after another one has changed the row first. Never leaves this package. */
final class RowMovedException extends RuntimeException {

    RowMovedException() {
        super("Somebody else was faster", null, false, false);
    }
}
