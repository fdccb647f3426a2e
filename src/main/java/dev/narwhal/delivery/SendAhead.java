package dev.narwhal.delivery;

import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadKind;
import dev.narwhal.upload.UploadState;

/**
 * Which uploads have parts sent while they are still being received: whole ones of a known length. A partial's bytes may
 * never be wanted, or be wanted in another order.
 *
 * @param from bytes from which on an upload is sent ahead, and of it that must have come
 */
record SendAhead(boolean enabled, long from) {

    static SendAhead of(DeliveryProperties settings) {
        return new SendAhead(settings.sendAhead(), settings.sendAheadFrom().toBytes());
    }

    /** True for the one move of an upload with which it begins, by the settings of today. */
    boolean begins(Upload before, Upload now) {
        return isAhead(now) && !isAhead(before);
    }

    boolean isAhead(Upload upload) {
        Long length = upload.length();
        return enabled
                && upload.kind() == UploadKind.WHOLE
                && upload.state() == UploadState.RECEIVING
                && length != null
                && length >= from
                && upload.offset() >= from;
    }
}
