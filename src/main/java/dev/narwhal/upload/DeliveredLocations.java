package dev.narwhal.upload;

import java.util.Optional;

/** Where delivered uploads are: a port for reading them back. Implemented by the delivery package. */
public interface DeliveredLocations {

    /** Empty when the upload has not been delivered. One statement. */
    Optional<DeliveredLocation> find(UploadId id);

    /**
     * The final object of an upload.
     *
     * @param destination the destination's name
     * @param key the object's key below that destination
     */
    record DeliveredLocation(String destination, String key) {}
}
