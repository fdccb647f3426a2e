/**
 * Finished files in a bucket of S3, or of a store with the S3 protocol. Only this package uses the AWS SDK.
 *
 * <p>Invariant: the object in the store decides whether a delivery has succeeded, also when a response was lost. Entry point:
 * {@link dev.narwhal.destination.s3.S3Destination}.
 */
@NullMarked
package dev.narwhal.destination.s3;

import org.jspecify.annotations.NullMarked;
