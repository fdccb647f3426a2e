package dev.narwhal.database;

/** The statements of one of a group have failed, and the others' changes went with its own. */
final class LostGroupException extends RuntimeException {

    private final transient WaitingCommit<?> culprit;
    private final Throwable reason;

    LostGroupException(WaitingCommit<?> culprit, Throwable reason) {
        super(reason);
        this.culprit = culprit;
        this.reason = reason;
    }

    WaitingCommit<?> culprit() {
        return culprit;
    }

    Throwable reason() {
        return reason;
    }
}
