/**
 * Reading a file back: from staging before its delivery, from its destination after it.
 *
 * <p>Invariant: takes no lease and changes nothing; what is served is complete and never changes. Entry point:
 * {@link dev.narwhal.download.UploadDownloads}.
 */
@NullMarked
package dev.narwhal.download;

import org.jspecify.annotations.NullMarked;
