package dev.narwhal.upload;

/**
 * What never changes about an upload.
 *
 * @param owner who created it; empty where access is open
 * @param volume id of the staging volume that holds the bytes
 */
public record UploadIdentity(UploadId id, String owner, UploadKind kind, String volume) {}
