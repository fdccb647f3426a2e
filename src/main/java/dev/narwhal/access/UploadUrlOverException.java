package dev.narwhal.access;

/** An upload URL was used up, came to its end or was revoked while it was about to create an upload. There is none. */
public final class UploadUrlOverException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    UploadUrlOverException() {
        super("The upload URL is over");
    }
}
