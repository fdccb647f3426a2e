package dev.narwhal.protocol.tus;

import dev.narwhal.http.ErrorCode;

/**
 * Every failure of the protocol that a client can get: its code, status and sentence. Documented in
 * {@code docs/errors.md}.
 *
 * <p>The statuses follow from the behaviour of stock clients: 423 is the only 4xx that every client retries, 409 is
 * fatal for tus-java-client, and any failure of a HEAD but 423 makes tus-js-client start again from byte 0.
 */
enum TusError implements ErrorCode {
    UNSUPPORTED_VERSION(412, "The request needs the header Tus-Resumable: 1.0.0."),
    UPLOAD_NOT_FOUND(404, "There is no such upload."),
    UPLOAD_EXPIRED(410, "The upload has expired: for too long no byte of it came. Create it again."),
    UPLOAD_NOT_FINISHED(409, "The upload is not finished; there is nothing to download yet."),
    FILE_GONE(404, "The file is not at its destination any more."),
    DOWNLOAD_DISABLED(403, "This server does not serve downloads."),
    DUPLICATE_HEADER(400, "A tus header was sent more than once."),
    INVALID_OFFSET(400, "Upload-Offset must be one whole number from 0 to 9223372036854775807."),
    INVALID_LENGTH(400, "Upload-Length must be one whole number from 0 to 9223372036854775807."),
    INVALID_DEFER_LENGTH(400, "Upload-Defer-Length must be 1, or absent."),
    LENGTH_REQUIRED(400, "A creation needs either Upload-Length or Upload-Defer-Length: 1."),
    LENGTH_AMBIGUOUS(400, "Upload-Length and Upload-Defer-Length cannot be sent together."),
    LENGTH_CHANGED(400, "The length of the upload is fixed already and differs from this Upload-Length."),
    LENGTH_BELOW_OFFSET(400, "Upload-Length is less than the bytes that the upload has already."),
    INVALID_METADATA(400, "Upload-Metadata must be comma-separated pairs of a key and a Base64 value."),
    INVALID_IDEMPOTENCY_KEY(400, "Idempotency-Key must have 1 to 255 printable characters of ASCII."),
    IDEMPOTENCY_KEY_REUSED(
            422, "Idempotency-Key belongs to a creation that asked for something else; choose a new key."),
    INVALID_CHECKSUM(400, "Upload-Checksum must be an algorithm, one blank and a digest in Base64."),
    UNKNOWN_CHECKSUM_ALGORITHM(400, "Upload-Checksum names an algorithm that Tus-Checksum-Algorithm does not list."),
    CHECKSUMS_DIFFER(
            400, "Upload-Checksum says one thing before the body and another after it; nothing of it is kept."),
    CHECKSUM_TRAILER_MISSING(
            400, "The trailer Upload-Checksum was announced, and did not come; nothing of the body is kept."),
    CHECKSUM_TRAILER_NOT_ANNOUNCED(
            400, "The trailer Upload-Checksum came without Trailer: Upload-Checksum; ask for the offset and go on."),
    CHECKSUM_MISMATCH(460, "The body does not have the checksum that was sent for it; nothing of it is kept."),
    INVALID_CONCAT(400, "Upload-Concat must be partial, or final; and then the URLs of partial uploads."),
    TOO_MANY_PARTIALS(400, "The final upload names more partial uploads than this server accepts."),
    FINAL_WITH_LENGTH(400, "A final upload has the length of its partials: no Upload-Length, no Upload-Defer-Length."),
    FINAL_WITH_BODY(403, "A final upload has the bytes of its partials and takes none of its own."),
    FINAL_NOT_WRITABLE(403, "A final upload is made of its partials and cannot be written to."),
    PARTIAL_NOT_FOUND(404, "Upload-Concat names an upload that is not here."),
    NOT_A_PARTIAL(400, "Upload-Concat names an upload that is not a partial one."),
    PARTIAL_IN_USE(
            409, "A final upload that is not delivered yet is made of this partial upload; delete that one first."),
    WRONG_CONTENT_TYPE(415, "A body must have the Content-Type application/offset+octet-stream."),
    OFFSET_MISMATCH(409, "Upload-Offset is not the offset of the upload."),
    TYPE_REFUSED(403, "This upload URL does not accept files of that type."),
    MAX_SIZE_EXCEEDED(413, "The upload is larger than this server accepts."),
    BODY_TOO_LARGE(413, "The body has more bytes than the upload has room for."),
    UPLOAD_BUSY(423, "Another request is writing to the upload; ask for its offset again."),
    UPLOAD_OVERTAKEN(
            423, "Another request is past this offset, or took the upload over; ask for its offset and go on."),
    VOLUME_ABSENT(423, "The storage of this upload is not reachable at the moment; try again later."),
    BODY_MALFORMED(400, "The framing of the body is broken."),
    BODY_CUT(
            503, "The body ended early; what arrived is kept, unless it had a checksum. Ask for the offset and go on."),
    BODY_SILENT(
            503,
            "No bytes came for too long; what arrived is kept, unless it had a checksum. Ask for the offset and go on."),
    BODY_SLOW(
            503,
            "Too few bytes came for too long; what arrived is kept, unless it had a checksum. Ask for the offset and go on."),
    STORAGE_FULL(
            507, "There is no room for this upload at the moment; what arrived is kept, unless it had a checksum."),
    FILE_TOO_LARGE(
            413, "The storage of this server has no file as large as this upload; what was acknowledged is kept."),
    STORAGE_DAMAGED(500, "The stored bytes of this upload are damaged; the operator has been told."),
    OVERLOADED(503, "The server has no memory left for another body at the moment; try again later."),
    NO_DESCRIPTORS(503, "The server has no file descriptors left at the moment; try again later."),
    UNAVAILABLE(503, "The server cannot reach its database at the moment; try again later."),
    SERVER_STOPPING(
            503,
            "The server is being stopped; what arrived is kept, unless it had a checksum. Ask for the offset and go on."),
    REFUSED(400, "The request was refused.");

    private final int status;
    private final String sentence;

    TusError(int status, String sentence) {
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
