package dev.narwhal.conformance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.http2.hpack.HPackDecoder;
import org.apache.hc.core5.http2.hpack.HPackEncoder;
import org.apache.hc.core5.util.ByteArrayBuffer;

/**
 * One HTTP/2 connection that sends what it is told, frame by frame if need be: half a body, trailers, a reset. What arrives
 * is sorted by a thread of its own. It keeps to the server's windows.
 */
final class Http2Connection implements AutoCloseable {

    static final int CANCEL = 8;

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    private static final int FRAME = 16_384;
    private static final int DEFAULT_WINDOW = 65_535;
    private static final int INITIAL_WINDOW_SIZE = 4;

    private final URI server;
    private final Socket socket;
    private final OutputStream out;
    private final HPackEncoder encoder = new HPackEncoder(0, ISO_8859_1);
    private final HPackDecoder decoder = new HPackDecoder(4096, ISO_8859_1);
    private final Map<Integer, Http2Stream> streams = new ConcurrentHashMap<>();
    private final ByteArrayBuffer headers = new ByteArrayBuffer(1024);
    private int nextStream = 1;
    private long window = DEFAULT_WINDOW;
    private long streamWindow = DEFAULT_WINDOW;
    private int taken;
    private boolean greeted;
    private boolean ended;

    private Http2Connection(URI server, Socket socket) throws IOException {
        this.server = server;
        this.socket = socket;
        this.out = socket.getOutputStream();
    }

    /** Without TLS, to a server that is known to speak HTTP/2. Returns when the server has said its settings. */
    static Http2Connection open(URI server) throws IOException {
        return greet(server, connect(server));
    }

    /** Over TLS, where both sides agree on HTTP/2 by ALPN. */
    static Http2Connection openTls(URI server, SSLContext tls) throws IOException {
        SSLSocket socket = (SSLSocket)
                tls.getSocketFactory().createSocket(connect(server), server.getHost(), server.getPort(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setApplicationProtocols(new String[] {"h2", "http/1.1"});
        socket.setSSLParameters(parameters);
        socket.startHandshake();
        if (!socket.getApplicationProtocol().equals("h2")) {
            throw new IOException("The server speaks '" + socket.getApplicationProtocol() + "'");
        }
        return greet(server, socket);
    }

    private static Socket connect(URI server) throws IOException {
        Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), (int) PATIENCE.toMillis());
        return socket;
    }

    private static Http2Connection greet(URI server, Socket socket) throws IOException {
        Http2Connection connection = new Http2Connection(server, socket);
        connection.out.write(PREFACE.getBytes(US_ASCII));
        connection.frame(Frame.SETTINGS, 0, 0, new byte[0]);
        Thread.ofVirtual().name("http2-reader").start(connection::readFrames);
        synchronized (connection) {
            connection.await(() -> connection.greeted || connection.ended);
        }
        return connection;
    }

    /** Sends the head, and keeps the stream open for a body. */
    Http2Stream begin(RawRequest request) throws IOException {
        return headers(request, false);
    }

    /** Sends the request with its body, if it has one. That the server resets the stream meanwhile is no error here. */
    Http2Stream send(RawRequest request) throws IOException {
        boolean empty = request.chunks().stream().allMatch(chunk -> chunk.length == 0);
        Http2Stream stream = headers(request, empty);
        if (!empty) {
            for (byte[] chunk : request.chunks()) {
                stream.sendLeniently(chunk);
            }
            stream.finishLeniently();
        }
        return stream;
    }

    /** Sends the request and reads the answer. */
    RawResponse exchange(RawRequest request) throws IOException {
        return send(request).read();
    }

    private synchronized Http2Stream headers(RawRequest request, boolean end) throws IOException {
        int id = nextStream;
        nextStream += 2;
        Http2Stream stream = new Http2Stream(this, id, request.head(), streamWindow);
        streams.put(id, stream);
        headers(id, fields(request), end);
        return stream;
    }

    private List<Header> fields(RawRequest request) {
        List<Header> fields = new ArrayList<>();
        fields.add(new BasicHeader(":method", request.method()));
        fields.add(new BasicHeader(":scheme", socket instanceof SSLSocket ? "https" : "http"));
        fields.add(new BasicHeader(":authority", server.getRawAuthority()));
        fields.add(new BasicHeader(":path", request.target()));
        for (String line : request.headers()) {
            int colon = line.indexOf(':');
            String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
            if (!name.equals("transfer-encoding")) {
                fields.add(new BasicHeader(name, line.substring(colon + 1).strip()));
            }
        }
        if (request.framing() == RawRequest.Framing.LENGTH) {
            fields.add(new BasicHeader("content-length", request.chunks().getFirst().length));
        }
        return fields;
    }

    synchronized void headers(int stream, List<Header> fields, boolean end) throws IOException {
        headers.clear();
        encoder.encodeHeaders(headers, fields, true);
        byte[] block = headers.toByteArray();
        for (int from = 0; from == 0 || from < block.length; from += FRAME) {
            byte[] part = Arrays.copyOfRange(block, from, Math.min(block.length, from + FRAME));
            int flags =
                    (from == 0 && end ? Frame.END_STREAM : 0) | (from + FRAME >= block.length ? Frame.END_HEADERS : 0);
            frame(from == 0 ? Frame.HEADERS : Frame.CONTINUATION, flags, stream, part);
        }
    }

    /** Waits while the server's windows have no room. */
    synchronized void data(Http2Stream stream, byte[] bytes, boolean end) throws IOException {
        int from = 0;
        do {
            await(() -> ended || stream.isReset() || Math.min(window, stream.window()) > 0 || bytes.length == 0);
            if (ended || stream.isReset()) {
                throw new IOException("Ended by the server");
            }
            int size = (int) Math.min(Math.min(FRAME, bytes.length - from), Math.min(window, stream.window()));
            byte[] part = Arrays.copyOfRange(bytes, from, from + size);
            from += size;
            window -= size;
            stream.widen(-size);
            frame(Frame.DATA, end && from == bytes.length ? Frame.END_STREAM : 0, stream.id(), part);
        } while (from < bytes.length);
    }

    synchronized void frame(int type, int flags, int stream, byte[] payload) throws IOException {
        ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
        frame.put((byte) (payload.length >> 16)).putShort((short) payload.length);
        frame.put((byte) type).put((byte) flags).putInt(stream).put(payload);
        out.write(frame.array());
        out.flush();
    }

    private void readFrames() {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()))) {
            while (true) {
                int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
                int type = in.readUnsignedByte();
                int flags = in.readUnsignedByte();
                int stream = in.readInt() & Integer.MAX_VALUE;
                received(type, flags, stream, ByteBuffer.wrap(in.readNBytes(length)));
            }
        } catch (IOException e) {
            end();
        } catch (Exception e) {
            throw new IllegalStateException("The server broke the rules of HTTP/2", e);
        }
    }

    private synchronized void end() {
        ended = true;
        streams.values().forEach(Http2Stream::end);
        notifyAll();
    }

    private synchronized void received(int type, int flags, int id, ByteBuffer payload) throws Exception {
        Http2Stream stream = streams.get(id);
        if (stream != null) {
            received(type, flags, stream, payload);
        } else if (type == Frame.SETTINGS) {
            settings(flags, payload);
        } else if (type == Frame.PING && (flags & Frame.ACK) == 0) {
            frame(Frame.PING, Frame.ACK, 0, payload.array());
        } else if (type == Frame.WINDOW_UPDATE && id == 0) {
            window += payload.getInt();
        }
        notifyAll();
    }

    private void received(int type, int flags, Http2Stream stream, ByteBuffer payload) throws Exception {
        switch (type) {
            case Frame.WINDOW_UPDATE -> stream.widen(payload.getInt());
            case Frame.RST_STREAM -> stream.reset(payload.getInt());
            case Frame.HEADERS -> stream.headers(decoder.decodeHeaders(payload));
            case Frame.DATA -> {
                stream.body(payload);
                giveBack(stream, payload.capacity());
            }
            default -> {}
        }
        if ((type == Frame.HEADERS || type == Frame.DATA) && (flags & Frame.END_STREAM) != 0) {
            stream.end();
        }
    }

    /** Not for each short answer: servers take many small updates for an attack. */
    private void giveBack(Http2Stream stream, int bytes) throws IOException {
        taken += bytes;
        if (taken > FRAME) {
            frame(Frame.WINDOW_UPDATE, 0, 0, number(taken));
            taken = 0;
        }
        if (stream.taken(bytes) > FRAME) {
            frame(Frame.WINDOW_UPDATE, 0, stream.id(), number(stream.takeAll()));
        }
    }

    private void settings(int flags, ByteBuffer payload) throws IOException {
        if ((flags & Frame.ACK) != 0) {
            return;
        }
        while (payload.hasRemaining()) {
            int key = payload.getShort();
            int value = payload.getInt();
            if (key == INITIAL_WINDOW_SIZE) {
                streamWindow = value;
            }
        }
        frame(Frame.SETTINGS, Frame.ACK, 0, new byte[0]);
        greeted = true;
    }

    /** Holds this object's monitor, which it gives up while it waits. */
    void await(BooleanSupplier condition) throws IOException {
        await(PATIENCE, condition);
    }

    /**
     * @throws SocketTimeoutException when the condition does not come about within that time
     */
    void await(Duration patience, BooleanSupplier condition) throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            long left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                throw new SocketTimeoutException("Nothing came over HTTP/2 for " + patience);
            }
            try {
                wait(left);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }
    }

    static byte[] number(int value) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
    }

    /** The bytes that a stream may be sent at once. */
    synchronized long streamWindow() {
        return streamWindow;
    }

    /** The bytes that all streams together may be sent at the moment. */
    synchronized long window() {
        return window;
    }

    synchronized boolean isEnded() {
        return ended;
    }

    /** RST of the TCP connection, with every stream on it. */
    void breakOff() throws IOException {
        socket.setSoLinger(true, 0);
        socket.close();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    /** Types and flags of frames (RFC 9113, section 6). */
    static final class Frame {

        static final int DATA = 0;
        static final int HEADERS = 1;
        static final int RST_STREAM = 3;
        static final int SETTINGS = 4;
        static final int PING = 6;
        static final int WINDOW_UPDATE = 8;
        static final int CONTINUATION = 9;
        static final int ACK = 1;
        static final int END_STREAM = 1;
        static final int END_HEADERS = 4;

        private Frame() {}
    }
}
