package dev.narwhal.upload;

/**
 * The properties of an upload that never change.
 *
 * @param owner the client that created it; empty where access is open
 * @param volume id of the staging volume that holds the bytes
 * @param terms what was agreed on it beforehand
 */
public record UploadIdentity(UploadId id, String owner, UploadKind kind, String volume, UploadTerms terms) {

    /** An upload on which nothing was agreed. */
    public UploadIdentity(UploadId id, String owner, UploadKind kind, String volume) {
        this(id, owner, kind, volume, UploadTerms.NONE);
    }
}
