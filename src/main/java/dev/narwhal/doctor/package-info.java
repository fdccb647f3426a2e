/**
 * The commands of the jar besides the server: {@code version}, and {@code doctor}, which tries what a server with the same
 * settings would need and says what to mend.
 *
 * <p>Invariant: a look changes nothing that stays: what a check makes, it removes; tables are not migrated, buckets and
 * directories not made. It works beside a running server. Entry point: {@link dev.narwhal.doctor.CommandLine}.
 */
@NullMarked
package dev.narwhal.doctor;

import org.jspecify.annotations.NullMarked;
