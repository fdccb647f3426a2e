package dev.narwhal.http;

/** Failures that every protocol shares. */
public enum HttpError implements ErrorCode {
    NOT_FOUND(404, "There is nothing at this URL."),
    CREDENTIALS_MISSING(401, "This needs an API key or a token."),
    CREDENTIALS_INVALID(401, "The API key or the token is not valid."),
    CREDENTIALS_EXPIRED(401, "The API key or the token has expired; go on with a new one."),
    SCOPE_MISSING(403, "The API key or the token does not allow this."),
    ORIGIN_REFUSED(403, "Pages of this origin may not do this."),
    HOST_REFUSED(
            403,
            "While access is open, this answers only to localhost, to the host of narwhal.tus.base-url, and to"
                    + " narwhal.access.allowed-hosts."),
    ACCESS_IS_OPEN(403, "Access is open, and so needs no credentials; set narwhal.access.mode=closed to make some."),
    CSRF_TOKEN_MISSING(403, "A change with a session's cookie needs the session's token in the header X-CSRF-Token."),
    UPLOAD_URL_OVER(410, "This upload URL is over or was revoked; ask for a new one."),
    ACCESS_UNAVAILABLE(503, "The server cannot check credentials at the moment; try again later."),
    UPLOAD_OVER_LIMIT(413, "The upload is larger than what its owner or key may use."),
    CREATION_FORBIDDEN(403, "The owner or key may have no unfinished uploads."),
    STAGED_BYTES_USED(
            503, "The uploads of this owner or key use all the bytes that they may; try again when some are done."),
    ACTIVE_UPLOADS_USED(
            503, "This owner or key has as many unfinished uploads as it may have; try again when one is done."),
    TOO_MANY_CREATIONS(503, "Too many uploads are created at the moment; try again later."),
    TOO_MANY_REQUESTS(503, "Too many requests come at the moment; try again later."),
    TOO_MANY_BODIES(503, "The server receives as many bodies as it may at the moment; try again later."),
    METHOD_NOT_ALLOWED(405, "This URL does not support that method."),
    PRECONDITION_FAILED(412, "The file does not match the precondition of the request."),
    RANGE_NOT_SATISFIABLE(416, "The file has no such range of bytes."),
    BAD_REQUEST(400, "The request is not valid."),
    HEAD_TOO_LARGE(431, "The head of the request is larger than this server accepts."),
    INTERNAL(500, "Something went wrong in the server; nothing that was acknowledged is lost.");

    private final int status;
    private final String sentence;

    HttpError(int status, String sentence) {
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
