package dev.narwhal.ingest;

import dev.narwhal.upload.UploadId;

/** The upload's bytes are on a volume that is not mounted here. Transient: no byte is lost. */
public class VolumeAbsentException extends RuntimeException {

    public VolumeAbsentException(UploadId id, String volume) {
        super("Upload " + id + " is staged on volume " + volume + ", which is not here");
    }
}
