package dev.narwhal.http;

/** A kind of failure that a client can see; each protocol has a table of its own. Documented in {@code docs/errors.md}. */
public interface ErrorCode {

    /** Stable, in capitals. */
    String name();

    /** 400 to 599. */
    int status();

    /** For people; without anything of the request. */
    String sentence();
}
