package dev.narwhal.conformance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One TCP connection that sends what it is told, byte by byte if need be, and reads answers. It may send half a body, end
 * its sending side, or break off; it keeps duplicate headers and interim answers. For one thread, but another one may
 * read while the first one sends.
 */
final class RawHttp implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(20);
    private static final int HTTP_PORT = 80;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private String request = "";

    private RawHttp(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream());
        this.out = socket.getOutputStream();
    }

    static RawHttp connect(URI url) throws IOException {
        Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout((int) ANSWER_TIMEOUT.toMillis());
        int port = url.getPort() < 0 ? HTTP_PORT : url.getPort();
        socket.connect(new InetSocketAddress(url.getHost(), port), (int) CONNECT_TIMEOUT.toMillis());
        return new RawHttp(socket);
    }

    /** Connects and sends the request with its body, if it has one. */
    static RawHttp open(RawRequest request) throws IOException {
        return connect(request.server()).send(request);
    }

    /** Connects, sends and reads one answer. A server that answers without reading the body is listened to. */
    static RawResponse exchange(RawRequest request) throws IOException {
        try (RawHttp http = connect(request.server())) {
            http.send(request);
            return http.read();
        }
    }

    /** Sends the head, then the body; that the server answers and closes before it has all of it is no error here. */
    RawHttp send(RawRequest next) throws IOException {
        request = next.head();
        try {
            send(request);
            for (byte[] chunk : next.chunks()) {
                if (next.framing() == RawRequest.Framing.CHUNKED) {
                    sendChunk(chunk);
                } else {
                    send(chunk);
                }
            }
            if (next.framing() == RawRequest.Framing.CHUNKED) {
                send("0\r\n\r\n");
            }
        } catch (IOException e) {
            if (e instanceof SocketTimeoutException) {
                throw e;
            }
        }
        return this;
    }

    /** The next answer is to that request, which was sent by hand. */
    RawHttp answering(RawRequest sent) {
        request = sent.head();
        return this;
    }

    RawHttp send(String text) throws IOException {
        return send(text.getBytes(ISO_8859_1));
    }

    RawHttp send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
        return this;
    }

    /** Sends if the server still listens. */
    RawHttp sendLeniently(String text) {
        try {
            return send(text);
        } catch (IOException e) {
            return this;
        }
    }

    RawHttp sendChunk(byte[] bytes) throws IOException {
        send(Integer.toHexString(bytes.length) + "\r\n");
        send(bytes);
        return send("\r\n");
    }

    /** FIN: nothing more comes from here; answers can still be read. */
    RawHttp finishSending() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** RST: the connection is gone, as after a crash of the client or in a changed network. */
    void reset() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    /** True when nothing is to be read for that long: neither an answer nor the end of the connection. */
    boolean isSilentFor(Duration time) throws IOException {
        int before = socket.getSoTimeout();
        socket.setSoTimeout((int) time.toMillis());
        in.mark(1);
        try {
            in.read();
            in.reset();
            return false;
        } catch (SocketTimeoutException e) {
            return true;
        } finally {
            socket.setSoTimeout(before);
        }
    }

    /** True when the server ends the connection before it sends anything more. */
    boolean isClosedByServer() {
        try {
            return in.read() < 0;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    /** Reads one interim answer, such as 100. */
    int readInterim() throws IOException {
        int status = readStatus();
        readHeaders();
        return status;
    }

    /** Reads interim answers and the final one, with its body. */
    RawResponse read() throws IOException {
        List<Integer> interim = new ArrayList<>();
        try {
            int status = readStatus();
            while (status < 200) {
                readHeaders();
                interim.add(status);
                status = readStatus();
            }
            List<RawResponse.Header> headers = readHeaders();
            return new RawResponse(request, interim, status, headers, readBody(status, headers));
        } catch (IOException e) {
            throw new IOException(e.getMessage() + " instead of an answer to\n" + request, e);
        }
    }

    /** The answer, if the server gives one before it ends the connection. */
    Optional<RawResponse> readIfAny() throws IOException {
        try {
            return Optional.of(read());
        } catch (IOException e) {
            if (e.getCause() instanceof SocketTimeoutException) {
                throw e;
            }
            return Optional.empty();
        }
    }

    private int readStatus() throws IOException {
        String line = readLine();
        if (!line.matches("HTTP/1\\.[01] [1-9][0-9][0-9]( .*)?")) {
            throw new IOException("'" + line + "'");
        }
        return Integer.parseInt(line.substring(9, 12));
    }

    private List<RawResponse.Header> readHeaders() throws IOException {
        List<RawResponse.Header> headers = new ArrayList<>();
        for (String line = readLine(); !line.isEmpty(); line = readLine()) {
            int colon = line.indexOf(':');
            headers.add(new RawResponse.Header(
                    line.substring(0, colon), line.substring(colon + 1).strip()));
        }
        return headers;
    }

    private String readLine() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b != '\n'; b = in.read()) {
            if (b < 0) {
                throw new EOFException("End of the connection");
            }
            line.write(b);
        }
        return line.toString(ISO_8859_1).stripTrailing();
    }

    private byte[] readBody(int status, List<RawResponse.Header> headers) throws IOException {
        RawResponse bare = new RawResponse(request, List.of(), status, headers, new byte[0]);
        if (request.startsWith("HEAD ") || status == 204 || status == 304) {
            return bare.body();
        }
        String encoding = bare.header("Transfer-Encoding").orElse("").toLowerCase(Locale.ROOT);
        if (encoding.equals("chunked")) {
            return readChunks();
        }
        int length = bare.header("Content-Length").map(Integer::parseInt).orElse(Integer.MAX_VALUE);
        byte[] body = in.readNBytes(length);
        if (length != Integer.MAX_VALUE && body.length < length) {
            throw new EOFException("A body of " + body.length + " bytes for Content-Length " + length);
        }
        return body;
    }

    private byte[] readChunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (int size = readChunkSize(); size > 0; size = readChunkSize()) {
            body.write(in.readNBytes(size));
            readLine();
        }
        readHeaders();
        return body.toByteArray();
    }

    private int readChunkSize() throws IOException {
        return Integer.parseInt(readLine().split(";", 2)[0].strip(), 16);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
