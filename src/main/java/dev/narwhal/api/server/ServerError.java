package dev.narwhal.api.server;

import dev.narwhal.http.ErrorCode;

/** Failures of requests about the server alone. */
enum ServerError implements ErrorCode {
    DESTINATION_UNKNOWN(404, "The settings name no such destination."),
    NOT_PAUSED(409, "The destination is not paused; there is nothing to resume.");

    private final int status;
    private final String sentence;

    ServerError(int status, String sentence) {
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
