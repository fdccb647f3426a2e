package dev.narwhal.database;

/** The statements of one call have failed, and the database has rolled back the changes of the whole group. */
final class GroupRolledBackException extends RuntimeException {

    private final transient WaitingCommit<?> failed;
    private final Throwable reason;

    GroupRolledBackException(WaitingCommit<?> failed, Throwable reason) {
        super(reason);
        this.failed = failed;
        this.reason = reason;
    }

    WaitingCommit<?> failed() {
        return failed;
    }

    Throwable reason() {
        return reason;
    }
}
