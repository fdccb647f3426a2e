package dev.narwhal.ingest;

/** A creation has the key of an earlier one that asked for something else. Nothing was created. */
public final class CreationKeyReusedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    CreationKeyReusedException() {
        super("The key belongs to another creation");
    }
}
