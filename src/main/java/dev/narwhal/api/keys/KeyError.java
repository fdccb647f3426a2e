package dev.narwhal.api.keys;

import dev.narwhal.http.ErrorCode;

/** Failures of the endpoints of keys. */
enum KeyError implements ErrorCode {
    KEY_NOT_FOUND(404, "There is no such key in force.");

    private final int status;
    private final String sentence;

    KeyError(int status, String sentence) {
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
