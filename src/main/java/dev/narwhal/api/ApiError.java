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
    UNAVAILABLE(503, "The server cannot reach its database at the moment; try again later.");

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
