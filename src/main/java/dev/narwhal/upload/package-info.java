/**
 * An upload and its row.
 *
 * <p>Invariant: offsets and states move by compare-and-set; when an update changes no row, another writer has moved the upload.
 * A change that an acknowledgement depends on is synced before the call returns. Every change is told to the {@link
 * dev.narwhal.upload.UploadListener}s in its own transaction. Entry point: {@link dev.narwhal.upload.UploadRepository}. The
 * package {@code database} commits the changes.
 */
@NullMarked
package dev.narwhal.upload;

import org.jspecify.annotations.NullMarked;
