package dev.narwhal.api;

import dev.narwhal.http.ErrorCode;

/**
 * Failures of the API, beside those that every protocol shares. A code that tus has, too, has tus's status and sentence.
 */
public enum ApiError implements ErrorCode {
    INVALID_PARAMETER(400, "A parameter of the request is not valid."),
    INVALID_CURSOR(400, "The cursor is not one that this list has given; begin without a cursor."),
    INVALID_BODY(400, "The body of the request is not the JSON that this URL expects."),
    NOT_ACCEPTABLE(406, "The answer has none of the types that Accept names."),
    UNSUPPORTED_MEDIA_TYPE(415, "This URL does not accept a body of that Content-Type."),
    UPLOAD_NOT_FOUND(404, "There is no such upload."),
    UPLOAD_EXPIRED(410, "The upload has expired: for too long no byte of it came. Create it again."),
    UPLOAD_BUSY(423, "Another request is writing to the upload; ask for its offset again."),
    PARTIAL_IN_USE(
            409, "A final upload that is not delivered yet is made of this partial upload; delete that one first."),
    VOLUME_ABSENT(423, "The storage of this upload is not reachable at the moment; try again later."),
    NO_DESCRIPTORS(503, "The server has no file descriptors left at the moment; try again later."),
    UNAVAILABLE(503, "The server cannot reach its database at the moment; try again later."),
    KEY_NOT_FOUND(404, "There is no such key in force."),
    DESTINATION_UNKNOWN(404, "The settings name no such destination."),
    NOT_PAUSED(409, "The destination is not paused; there is nothing to resume."),
    LIST_TOO_LONG(
            400,
            "This order is for at most 1000 uploads; narrow the list by state, owner, batch, createdAfter or createdBefore."),
    NOT_FAILED(409, "The delivery of this upload was not given up; there is nothing to retry."),
    UPLOAD_URL_NOT_FOUND(404, "There is no such upload URL in force."),
    IDEMPOTENCY_KEY_REUSED(
            422, "Idempotency-Key belongs to a creation that asked for something else; choose a new key."),
    FORM_CUT(400, "The form broke off; nothing of it is kept. Send it again, or use tus, which resumes."),
    OVERLOADED(503, "The server has no memory left for another body at the moment; try again later."),
    MAX_SIZE_EXCEEDED(413, "The upload is larger than this server accepts."),
    STORAGE_FULL(
            507, "There is no room for this upload at the moment; what arrived is kept, unless it had a checksum."),
    TOO_MANY_STREAMS(
            503, "There are as many streams of events already as there may be; close one, or try again later.");

    private final int status;
    private final String sentence;

    ApiError(int status, String sentence) {
        this.status = status;
        this.sentence = sentence;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String sentence() {
        return sentence;
    }
}
