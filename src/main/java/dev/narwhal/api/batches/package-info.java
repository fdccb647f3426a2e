/**
 * Batches over the API: how far the uploads are that belong together.
 *
 * <p>Invariant: a batch is found by its owner, and by operators who name the owner. Entry point: {@link
 * dev.narwhal.api.batches.BatchesController}.
 */
@NullMarked
package dev.narwhal.api.batches;

import org.jspecify.annotations.NullMarked;
