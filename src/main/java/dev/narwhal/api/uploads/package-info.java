/**
 * Uploads over the API: lists by keyset, one upload with everything about it, cancelling, retrying.
 *
 * <p>Invariant: a page reads a bounded number of rows, whatever the tables hold and however deep the page is, and a caller
 * without the role OPERATE finds only its own uploads. Entry points: {@link dev.narwhal.api.uploads.UploadsController},
 * {@link dev.narwhal.api.uploads.UploadList}.
 */
@NullMarked
package dev.narwhal.api.uploads;

import org.jspecify.annotations.NullMarked;
