package dev.narwhal.statistics;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What of an upload is counted.
 *
 * @param failedAt when its delivery was given up, if that counts as its outcome at present; an operator's retry takes it back
 * @param ended true when nothing more of the upload can count
 */
record Counted(boolean created, boolean finished, @Nullable Instant failedAt, boolean ended) {

    static final Counted NOTHING = new Counted(false, false, null, false);
}
