package dev.narwhal.statistics;

import java.time.Instant;

/** The last creation that is counted: uploads of the volume are counted in the order of their creation, then of their ids. */
record Cursor(Instant createdAt, String upload) {

    static final Cursor BEGINNING = new Cursor(Instant.EPOCH, "");

    boolean isPast(Instant creation, String id) {
        int order = createdAt.compareTo(creation);
        return order > 0 || order == 0 && upload.compareTo(id) >= 0;
    }
}
