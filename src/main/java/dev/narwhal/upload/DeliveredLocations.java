package dev.narwhal.upload;

import java.util.Optional;

/**
 * Where delivered uploads are, and the digests of their bytes: the port through which downloads read them back. The delivery
 * package implements it.
 */
public interface DeliveredLocations {

    /** Empty when the upload has not been delivered. One statement. */
    Optional<DeliveredLocation> find(UploadId id);

    /** The SHA-256 of the whole file in 64 hexadecimal digits; empty while nobody has computed it. One statement. */
    Optional<String> sha256(UploadId id);

    /**
     * The final object of an upload.
     *
     * @param destination the destination's name
     * @param key the object's key below that destination
     */
    record DeliveredLocation(String destination, String key) {}
}
