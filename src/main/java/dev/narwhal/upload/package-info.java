/**
 * What an upload is, and its row.
 *
 * <p>Invariant: offsets and states move by compare-and-set; an update that touches no row means that somebody else has
 * the upload. A change that an acknowledgement depends on is synced before the call returns. Every change is told to the
 * {@link dev.narwhal.upload.UploadListener}s in its own transaction. Entry point:
 * {@link dev.narwhal.upload.UploadRepository}. What commits is {@code database}.
 */
@NullMarked
package dev.narwhal.upload;

import org.jspecify.annotations.NullMarked;
