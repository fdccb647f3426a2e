package dev.narwhal.client.transfer;

/** The file is not on the server. The message is a sentence without the file's name. */
public final class TransferFailedException extends Exception {

    private final boolean resumable;

    TransferFailedException(String sentence, Throwable cause, boolean resumable) {
        super(sentence, cause);
        this.resumable = resumable;
    }

    /** The next run goes on where this one ended. */
    public boolean isResumable() {
        return resumable;
    }
}
