package dev.narwhal.staging;

/**
 * The data directory cannot be used. The message is one sentence for the operator with the directory, the reason, the
 * remedy and the setting.
 */
public class DataDirectoryException extends IllegalStateException {

    public DataDirectoryException(String message) {
        super(message);
    }

    public DataDirectoryException(String message, Throwable cause) {
        super(message, cause);
    }
}
