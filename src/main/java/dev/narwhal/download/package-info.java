/**
 * GET of a complete file: from staging before its delivery, from its destination afterwards.
 *
 * <p>Invariant: takes no lease and changes nothing; a served file is complete and never changes. Entry point: {@link
 * dev.narwhal.download.UploadDownloads}.
 */
@NullMarked
package dev.narwhal.download;

import org.jspecify.annotations.NullMarked;
