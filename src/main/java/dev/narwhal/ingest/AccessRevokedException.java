package dev.narwhal.ingest;

import dev.narwhal.upload.UploadId;

/**
 * What the request presented was revoked while its body was being received. The bytes received before are recorded, unless
 * the body has a checksum.
 */
public class AccessRevokedException extends RuntimeException {

    private final String credential;

    /** @param credential as {@link dev.narwhal.access.Caller#credential} names it */
    public AccessRevokedException(UploadId id, String credential) {
        super("Upload " + id + ": access was revoked");
        this.credential = credential;
    }

    /** What was revoked. */
    public String credential() {
        return credential;
    }
}
