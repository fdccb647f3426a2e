/**
 * Finished files in a bucket of S3, or of a store that speaks its protocol: the only package that knows the AWS SDK.
 *
 * <p>Invariant: what the store says of an object has the last word, also when an answer was lost. Entry point:
 * {@link dev.narwhal.destination.s3.S3Destination}.
 */
@NullMarked
package dev.narwhal.destination.s3;

import org.jspecify.annotations.NullMarked;
