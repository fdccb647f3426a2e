/**
 * At most one writer per upload. A new request makes the present holder let go.
 *
 * <p>Invariant: at any moment at most one live {@link dev.narwhal.lease.Lease} exists for an upload; a displaced holder
 * has recorded all bytes that it had received before its successor starts. {@link dev.narwhal.lease.InProcessLeases}
 * keeps leases in this process; that is enough, because one process owns a staging volume. Entry point: {@link
 * dev.narwhal.lease.UploadLeases}.
 */
@NullMarked
package dev.narwhal.lease;

import org.jspecify.annotations.NullMarked;
