package dev.narwhal.destination.s3;

import java.util.Optional;

/**
 * A multipart upload, and how its parts are checked: that was settled with its creation, and a later attempt must keep to
 * it.
 */
record S3Multipart(String id, Checksums checksums) {

    /** From the best that a store may know to what each does. */
    enum Checksums {
        /** A CRC32 a part, and the store computes that of the whole object. */
        FULL_OBJECT,
        /** A CRC32 a part, and the store computes one over these. */
        COMPOSITE,
        /** The store refuses checksums: an MD5 a part. */
        MD5
    }

    String handle() {
        return checksums + ":" + id;
    }

    /** Empty for a handle that another kind of destination has left: the setting was changed meanwhile. */
    static Optional<S3Multipart> parse(String handle) {
        for (Checksums checksums : Checksums.values()) {
            String prefix = checksums + ":";
            if (handle.startsWith(prefix)) {
                return Optional.of(new S3Multipart(handle.substring(prefix.length()), checksums));
            }
        }
        return Optional.empty();
    }
}
