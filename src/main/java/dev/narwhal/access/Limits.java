package dev.narwhal.access;

/** How much a caller may; nothing is limited so far. */
public record Limits() {

    public static final Limits NONE = new Limits();
}
