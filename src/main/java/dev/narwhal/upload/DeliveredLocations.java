package dev.narwhal.upload;

import java.util.Optional;

/** Where delivered uploads are: and what is known of their bytes: a port for reading them back. Implemented by the delivery package. */
public interface DeliveredLocations {

    /** Empty when the upload has not been delivered. One statement. */
    Optional<DeliveredLocation> find(UploadId id);

    /** Of the whole file, in 64 hexadecimal digits; empty when it was not computed (yet). One statement. */
    Optional<String> sha256(UploadId id);

    /**
     * The final object of an upload.
     *
     * @param destination the destination's name
     * @param key the object's key below that destination
     */
    record DeliveredLocation(String destination, String key) {}
}
