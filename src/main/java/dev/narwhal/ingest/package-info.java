/**
 * The use-cases of receiving: create, append, declare length, finish, concatenate, terminate, expire, tell the offset. The only
 * place that combines lease, bytes and row. Each takes a {@link dev.narwhal.access.Caller}, for whom others' uploads are not there.
 *
 * <p>Invariant: bytes first, then the row, then the answer: the recorded offset never exceeds what is durable. Entry
 * point: {@link dev.narwhal.ingest.ChunkAppender}.
 */
@NullMarked
package dev.narwhal.ingest;

import org.jspecify.annotations.NullMarked;
