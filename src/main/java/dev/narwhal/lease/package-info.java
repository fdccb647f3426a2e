/**
 * At most one writer per upload, with a polite "please let go".
 *
 * <p>Invariant: at any moment at most one live {@link dev.narwhal.lease.Lease} exists for an upload; a holder that was
 * displaced has recorded what it had received before its successor starts. {@link dev.narwhal.lease.InProcessLeases} keeps
 * them in this process, which is enough because one process owns a staging volume. Entry point: {@link dev.narwhal.lease.UploadLeases}.
 */
@NullMarked
package dev.narwhal.lease;

import org.jspecify.annotations.NullMarked;
