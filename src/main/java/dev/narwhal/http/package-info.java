/**
 * What any protocol over HTTP needs of the container: which bodies may be read, by the memory that they hold; how long a head may
 * take; how failures to accept connections are told.
 *
 * <p>Invariant: no buffer for a body exists before the body is admitted. Entry point: {@link dev.narwhal.http.BodyClaim}.
 */
@NullMarked
package dev.narwhal.http;

import org.jspecify.annotations.NullMarked;
