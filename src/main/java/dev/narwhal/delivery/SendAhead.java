package dev.narwhal.delivery;

import dev.narwhal.upload.Upload;
import dev.narwhal.upload.UploadKind;
import dev.narwhal.upload.UploadState;

/**
 * Chooses the uploads whose parts are sent while the client is still sending: whole uploads of a known length. A partial is
 * never sent ahead: its bytes may never be needed, or be needed in another order.
 *
 * @param from the least length of such an upload in bytes, and the offset at which sending ahead begins
 */
record SendAhead(boolean enabled, long from) {

    static SendAhead of(DeliveryProperties settings) {
        return new SendAhead(settings.sendAhead(), settings.sendAheadFrom().toBytes());
    }

    /** True for the advance that starts sending ahead, under the present settings. */
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
