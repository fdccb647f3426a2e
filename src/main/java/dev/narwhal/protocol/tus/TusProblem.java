package dev.narwhal.protocol.tus;

import java.util.LinkedHashMap;
import java.util.Map;
import me.desair.tus.server.exception.TusException;

/** A failure on its way to the client. Travels through the engine as the exception type that it knows. */
final class TusProblem extends TusException {

    private final TusError error;
    private final String detail;
    private final transient Map<String, String> headers = new LinkedHashMap<>();

    TusProblem(TusError error) {
        this(error, error.status(), error.sentence());
    }

    /** @param detail more exact than the error's own sentence; never a path, SQL, or the owner's name */
    TusProblem(TusError error, String detail) {
        this(error, error.status(), detail);
    }

    TusProblem(TusError error, int status, String detail) {
        super(status, detail);
        this.error = error;
        this.detail = detail;
    }

    TusProblem with(String header, String value) {
        headers.put(header, value);
        return this;
    }

    /** The same failure with another status. */
    TusProblem withStatus(int status) {
        TusProblem changed = new TusProblem(error, status, detail);
        changed.headers.putAll(headers);
        return changed;
    }

    TusError error() {
        return error;
    }

    String detail() {
        return detail;
    }

    Map<String, String> headers() {
        return headers;
    }
}
