package dev.narwhal.api.creation;

import dev.narwhal.http.ErrorCode;

/** Failures of creations over the API. Those that tus has, too, have tus's code, status and sentence. */
enum CreationError implements ErrorCode {
    UPLOAD_URL_NOT_FOUND(404, "There is no such upload URL in force."),
    IDEMPOTENCY_KEY_REUSED(
            422, "Idempotency-Key belongs to a creation that asked for something else; choose a new key."),
    FORM_CUT(400, "The form broke off; nothing of it is kept. Send it again, or use tus, which resumes."),
    OVERLOADED(503, "The server has no memory left for another body at the moment; try again later."),
    MAX_SIZE_EXCEEDED(413, "The upload is larger than this server accepts."),
    STORAGE_FULL(
            507, "There is no room for this upload at the moment; what arrived is kept, unless it had a checksum.");

    private final int status;
    private final String sentence;

    CreationError(int status, String sentence) {
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
