package dev.narwhal.ingest;

import org.springframework.dao.DuplicateKeyException;

/** The same creation was made by another request at the same moment: {@link CreationKeys#find} has its upload. */
public final class CreationRepeatedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CreationRepeatedException(DuplicateKeyException cause) {
        super("Another request has made this creation", cause);
    }
}
