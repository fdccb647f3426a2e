package dev.narwhal.api.uploads;

import java.time.Instant;

/**
 * Where a page begins, and which creations the list has.
 *
 * @param descending the latest creation first
 * @param at creations from here on, in the list's direction
 * @param id of those that were created at that very time, those beyond this id
 * @param end creations up to here, in the list's direction
 * @param rows at most so many
 */
record Window(boolean descending, Instant at, String id, Instant end, int rows) {

    /** Before and after every upload. */
    static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");

    static final Instant LAST = Instant.parse("9999-01-01T00:00:00Z");

    /**
     * A condition on the columns of an index by creation: with one bound for each end, and not as a comparison of rows, which H2 does not
     * take from an index.
     */
    String condition(String time, String id) {
        return descending
                ? "%1$s <= :at and (%1$s < :at or %2$s < :id) and %1$s >= :end".formatted(time, id)
                : "%1$s >= :at and (%1$s > :at or %2$s > :id) and %1$s < :end".formatted(time, id);
    }

    String direction() {
        return descending ? "desc" : "asc";
    }

    Window limitedTo(int count) {
        return new Window(descending, at, id, end, count);
    }
}
