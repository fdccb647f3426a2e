/**
 * Which upload belongs to which file, on disk, so that the next process can go on with it. Invariant: an entry is whole and
 * synced, or not there. Entry point: {@link dev.narwhal.client.resume.RememberedUploads}.
 */
@NullMarked
package dev.narwhal.client.resume;

import org.jspecify.annotations.NullMarked;
