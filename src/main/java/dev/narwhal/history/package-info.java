/**
 * What has happened to an upload beside what its own columns say: interruptions, takeovers, failures, retries, and what
 * operators did. The table {@code upload_history}.
 *
 * <p>Invariant: an upload that goes straight through has no row and costs no statement, and no upload has more than {@value
 * dev.narwhal.history.HistoryRows#MOST} rows. Entry points: {@link dev.narwhal.history.HistoryRows}, {@link
 * dev.narwhal.history.UploadHistory}.
 */
@NullMarked
package dev.narwhal.history;

import org.jspecify.annotations.NullMarked;
