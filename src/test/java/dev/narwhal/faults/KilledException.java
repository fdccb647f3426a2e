package dev.narwhal.faults;

/** The connection broke because the server was killed: nobody knows what became of the request. */
final class KilledException extends Exception {

    private static final long serialVersionUID = 1;

    KilledException(Throwable cause) {
        super(cause);
    }
}
