package dev.narwhal.http;

/** A failure that a client can see. Each protocol has its own codes. {@code docs/errors.md} lists them. */
public interface ErrorCode {

    /** Stable, in capitals. */
    String name();

    /** 400 to 599. */
    int status();

    /** A sentence for people, without data of the request. */
    String sentence();
}
