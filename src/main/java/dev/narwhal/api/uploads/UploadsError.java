package dev.narwhal.api.uploads;

import dev.narwhal.http.ErrorCode;

/** Failures of the API for uploads, beside {@link dev.narwhal.api.ApiError}. */
enum UploadsError implements ErrorCode {
    LIST_TOO_LONG(
            400,
            "This order is for at most 1000 uploads; narrow the list by state, owner, batch, createdAfter or createdBefore."),
    NOT_FAILED(409, "The delivery of this upload was not given up; there is nothing to retry.");

    private final int status;
    private final String sentence;

    UploadsError(int status, String sentence) {
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
