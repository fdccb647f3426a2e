package dev.narwhal.access;

/** How much a caller may use; no limit exists so far. */
public record Limits() {

    public static final Limits NONE = new Limits();
}
