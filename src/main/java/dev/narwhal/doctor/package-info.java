/**
 * The commands of the jar besides the server: {@code version}, and {@code doctor}, which tests everything that a server
 * with the same settings needs and names the remedies.
 *
 * <p>Invariant: the doctor leaves no change behind: a check removes everything that it creates, and migrates no table
 * and creates no bucket. It works beside a running server. Entry point: {@link dev.narwhal.doctor.CommandLine}.
 */
@NullMarked
package dev.narwhal.doctor;

import org.jspecify.annotations.NullMarked;
