package dev.narwhal.upload;

/**
 * The properties of an upload that never change.
 *
 * @param owner the client that created it; empty where access is open
 * @param volume id of the staging volume that holds the bytes
 */
public record UploadIdentity(UploadId id, String owner, UploadKind kind, String volume) {}
