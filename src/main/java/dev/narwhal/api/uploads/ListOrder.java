package dev.narwhal.api.uploads;

/** The order of a list of uploads. */
enum ListOrder {
    /** By creation, the latest first. */
    NEWEST,
    /** By age: the earliest creation first. */
    OLDEST,
    /** The largest first; those of unknown length last. */
    SIZE,
    /** The most complete first; those of unknown length last. */
    PROGRESS;

    /** Whether an index has this order, so that the list may be of any length. */
    boolean isIndexed() {
        return this == NEWEST || this == OLDEST;
    }

    boolean isDescending() {
        return this != OLDEST;
    }
}
