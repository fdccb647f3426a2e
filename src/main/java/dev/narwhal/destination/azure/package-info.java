/**
 * Finished files in a container of Azure Blob Storage. Only this package uses Azure's SDK.
 *
 * <p>Invariant: the id of a block identifies its upload, its part and its bytes. Entry point:
 * {@link dev.narwhal.destination.azure.AzureDestination}.
 */
@NullMarked
package dev.narwhal.destination.azure;

import org.jspecify.annotations.NullMarked;
