/**
 * Creations over the API: an upload for a client that gets its URL, and upload URLs.
 *
 * <p>Invariant: the same use-cases create these uploads as those of tus clients. Entry points:
 * {@link dev.narwhal.api.creation.CreationController}, {@link dev.narwhal.api.creation.UploadUrlsController}.
 */
@NullMarked
package dev.narwhal.api.creation;

import org.jspecify.annotations.NullMarked;
