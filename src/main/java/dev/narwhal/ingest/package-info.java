/**
 * The use-cases of receiving: create, append, declare length, finish, concatenate, terminate, expire, report the
 * offset. Only this package combines lease, bytes and row. Each use-case takes a {@link dev.narwhal.access.Caller},
 * and finds no upload of another owner.
 *
 * <p>Invariant: bytes first, then the row, then the answer. The recorded offset never exceeds the durable bytes.
 * Entry point: {@link dev.narwhal.ingest.ChunkAppender}.
 */
@NullMarked
package dev.narwhal.ingest;

import org.jspecify.annotations.NullMarked;
