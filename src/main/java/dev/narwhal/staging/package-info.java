/**
 * Bytes between the first chunk and delivery.
 *
 * <p>Invariant: the bytes up to the offset that {@link dev.narwhal.staging.StagedAppend#flush()} returns survive power
 * loss; one process owns a volume. Entry point: {@link dev.narwhal.staging.StagingStore}, with its implementation
 * {@link dev.narwhal.staging.DiskStagingStore}.
 */
@NullMarked
package dev.narwhal.staging;

import org.jspecify.annotations.NullMarked;
