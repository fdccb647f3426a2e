package dev.narwhal.destination.s3;

import java.util.Optional;

/**
 * A multipart upload: S3's upload id, and the checksums of its parts. CreateMultipartUpload fixes the checksums, so later
 * attempts must use the same.
 */
record S3Multipart(String id, Checksums checksums) {

    /** The strongest first. Each store supports the last one. */
    enum Checksums {
        /** A CRC32 for each part. The store computes the CRC32 of the whole object. */
        FULL_OBJECT,
        /** A CRC32 for each part. The store computes a CRC32 over these. */
        COMPOSITE,
        /** Content-MD5 for each part, for a store that refuses checksums. */
        MD5
    }

    /** The journal's handle of this multipart upload. */
    String encoded() {
        return checksums + ":" + id;
    }

    /** Empty for a handle that another kind of destination has recorded, before the operator changed the type. */
    static Optional<S3Multipart> parse(String encoded) {
        for (Checksums checksums : Checksums.values()) {
            String prefix = checksums + ":";
            if (encoded.startsWith(prefix)) {
                return Optional.of(new S3Multipart(encoded.substring(prefix.length()), checksums));
            }
        }
        return Optional.empty();
    }
}
