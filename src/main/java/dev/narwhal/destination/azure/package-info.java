/**
 * Finished files in a container of Azure Blob Storage: the only package that knows Azure's SDK.
 *
 * <p>Invariant: a block says by its name alone whose it is and which bytes it has. Entry point:
 * {@link dev.narwhal.destination.azure.AzureDestination}.
 */
@NullMarked
package dev.narwhal.destination.azure;

import org.jspecify.annotations.NullMarked;
