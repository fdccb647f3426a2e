package dev.narwhal.access;

import dev.narwhal.http.HttpError;

/** A caller may not do what it asks for. Nothing has been looked up or changed. */
public final class AccessRefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    private final HttpError error;

    public AccessRefusedException(HttpError error) {
        super(error.sentence());
        this.error = error;
    }

    /** Why, as clients see it. */
    public HttpError error() {
        return error;
    }
}
