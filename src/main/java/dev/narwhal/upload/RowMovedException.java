package dev.narwhal.upload;

/** Rolls the transaction back in which somebody else was faster; never seen outside. */
final class RowMovedException extends RuntimeException {

    RowMovedException() {
        super("Somebody else was faster", null, false, false);
    }
}
