package dev.narwhal.conformance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.message.BasicHeader;

/** One request and its answer on an {@link Http2Connection}, whose monitor guards it. */
final class Http2Stream {

    private static final int NOT_RESET = -1;

    private final Http2Connection connection;
    private final int id;
    private final String request;
    private final List<Integer> interim = new ArrayList<>();
    private final List<RawResponse.Header> headers = new ArrayList<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private long window;
    private int taken;
    private int status;
    private int resetCode = NOT_RESET;
    private boolean ended;

    Http2Stream(Http2Connection connection, int id, String request, long window) {
        this.connection = connection;
        this.id = id;
        this.request = request;
        this.window = window;
    }

    int id() {
        return id;
    }

    /** A piece of the body, in frames of at most 16 KiB. */
    Http2Stream send(byte[] bytes) throws IOException {
        connection.data(this, bytes, false);
        return this;
    }

    Http2Stream send(String text) throws IOException {
        return send(text.getBytes(ISO_8859_1));
    }

    /** Sends if the server still listens. */
    Http2Stream sendLeniently(byte[] bytes) throws IOException {
        try {
            return send(bytes);
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            return this;
        }
    }

    /** The end of the body. */
    Http2Stream finish() throws IOException {
        connection.data(this, new byte[0], true);
        return this;
    }

    Http2Stream finishLeniently() throws IOException {
        try {
            return finish();
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            return this;
        }
    }

    /** The end of the body, with a trailer. */
    Http2Stream finish(String trailer, String value) throws IOException {
        connection.headers(id, List.of(new BasicHeader(trailer, value)), true);
        return this;
    }

    /** RST_STREAM: the client gives this request up, and the connection goes on. */
    void reset() throws IOException {
        connection.frame(Http2Connection.Frame.RST_STREAM, 0, id, Http2Connection.number(Http2Connection.CANCEL));
    }

    /** Reads interim answers and the final one, with its body. */
    RawResponse read() throws IOException {
        return readIfAny()
                .orElseThrow(() -> new IOException(
                        (connection.isEnded() ? "End of the connection" : "Reset with code " + resetCode)
                                + " instead of an answer to\n" + request));
    }

    /** The answer, if the server gives one before it ends the stream. */
    Optional<RawResponse> readIfAny() throws IOException {
        synchronized (connection) {
            connection.await(() -> ended || isReset());
            return status == 0
                    ? Optional.empty()
                    : Optional.of(new RawResponse(request, interim, status, headers, body.toByteArray()));
        }
    }

    /** True when the server ends or resets the stream within that time. */
    boolean isOverWithin(Duration time) throws IOException {
        synchronized (connection) {
            try {
                connection.await(time, () -> ended || isReset());
                return true;
            } catch (SocketTimeoutException e) {
                return false;
            }
        }
    }

    /** Waits until the server asks for the body. */
    void awaitContinue() throws IOException {
        synchronized (connection) {
            connection.await(() -> interim.contains(100) || ended || isReset());
            if (!interim.contains(100)) {
                throw new IOException("The server does not ask for the body of\n" + request);
            }
        }
    }

    /** Waits until the server has reset the stream; returns the code. */
    int awaitReset() throws IOException {
        synchronized (connection) {
            connection.await(this::isReset);
            return resetCode;
        }
    }

    boolean isReset() {
        return resetCode != NOT_RESET;
    }

    long window() {
        return window;
    }

    void widen(int bytes) {
        window += bytes;
    }

    void headers(List<Header> fields) {
        for (Header field : fields) {
            if (!field.getName().equals(":status")) {
                headers.add(new RawResponse.Header(field.getName(), field.getValue()));
            } else if (Integer.parseInt(field.getValue()) < 200) {
                interim.add(Integer.parseInt(field.getValue()));
            } else {
                status = Integer.parseInt(field.getValue());
            }
        }
    }

    /** Bytes that have come since the window was last widened for the server. */
    int taken(int bytes) {
        taken += bytes;
        return taken;
    }

    int takeAll() {
        int all = taken;
        taken = 0;
        return all;
    }

    void body(ByteBuffer bytes) {
        body.write(bytes.array(), 0, bytes.remaining());
    }

    void reset(int code) {
        resetCode = code;
    }

    void end() {
        ended = true;
    }
}
