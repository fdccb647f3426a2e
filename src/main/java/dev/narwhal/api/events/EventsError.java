package dev.narwhal.api.events;

import dev.narwhal.http.ErrorCode;

/** Failures of streams of events alone. */
enum EventsError implements ErrorCode {
    TOO_MANY_STREAMS(
            503, "There are as many streams of events already as there may be; close one, or try again later.");

    private final int status;
    private final String sentence;

    EventsError(int status, String sentence) {
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
