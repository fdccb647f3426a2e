/**
 * Bytes between the first chunk and delivery.
 *
 * <p>Invariant: {@link dev.narwhal.staging.StagedAppend#flush()} returns only what survives power loss; one process owns
 * a volume. Entry point: {@link dev.narwhal.staging.StagingStore}, and {@link dev.narwhal.staging.DiskStagingStore} for how
 * it is done.
 */
@NullMarked
package dev.narwhal.staging;

import org.jspecify.annotations.NullMarked;
