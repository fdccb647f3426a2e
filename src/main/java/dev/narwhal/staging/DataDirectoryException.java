package dev.narwhal.staging;

/** The data directory cannot be used; the message is one sentence for the operator: which one, why, and what to do; it names the setting. */
public class DataDirectoryException extends IllegalStateException {

    public DataDirectoryException(String message) {
        super(message);
    }

    public DataDirectoryException(String message, Throwable cause) {
        super(message, cause);
    }
}
