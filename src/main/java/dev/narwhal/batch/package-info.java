/**
 * Uploads that belong together (a folder, a form), by the key {@code batch} of their metadata: an id of the client's own
 * choice. The table {@code upload_batch}.
 *
 * <p>Invariant: an upload without that key costs no statement and no entry of an index; a batch belongs to one owner. Entry
 * point: {@link dev.narwhal.batch.UploadBatches}.
 */
@NullMarked
package dev.narwhal.batch;

import org.jspecify.annotations.NullMarked;
