package dev.narwhal.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.message.BasicHeader;
import org.apache.hc.core5.http2.hpack.HPackEncoder;
import org.apache.hc.core5.util.ByteArrayBuffer;

/**
 * Clients over HTTP/2 without TLS, each with many streams on one connection: each stream begins a creation with a large body,
 * sends a hundred bytes of it in the same packet, and then nothing.
 */
final class HeldStreams implements AutoCloseable {

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int GOAWAY = 7;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;

    private final List<Socket> sockets = new ArrayList<>();
    private final Set<String> ended = ConcurrentHashMap.newKeySet();
    private final Set<Socket> lost = ConcurrentHashMap.newKeySet();

    static HeldStreams begin(URI files, int connections, int streams) throws IOException {
        HeldStreams held = new HeldStreams();
        for (int i = 0; i < connections; i++) {
            held.connect(files, streams);
        }
        return held;
    }

    private void connect(URI files, int streams) throws IOException {
        Socket socket = new Socket();
        socket.connect(new InetSocketAddress(files.getHost(), files.getPort()), 30_000);
        sockets.add(socket);
        int number = sockets.size();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
        bytes.write(frame(SETTINGS, 0, 0, new byte[0]));
        HPackEncoder encoder = new HPackEncoder(0, ISO_8859_1);
        for (int stream = 1; stream < 2 * streams; stream += 2) {
            bytes.write(frame(HEADERS, END_HEADERS, stream, head(encoder, files)));
            bytes.write(frame(DATA, 0, stream, new byte[100]));
        }
        socket.getOutputStream().write(bytes.toByteArray());
        Thread.startVirtualThread(() -> read(socket, number));
    }

    private static byte[] head(HPackEncoder encoder, URI files) throws IOException {
        List<Header> fields = List.of(
                new BasicHeader(":method", "POST"),
                new BasicHeader(":scheme", "http"),
                new BasicHeader(":authority", files.getRawAuthority()),
                new BasicHeader(":path", files.getPath()),
                new BasicHeader("tus-resumable", "1.0.0"),
                new BasicHeader("upload-length", "10000000"),
                new BasicHeader("content-length", "10000000"),
                new BasicHeader("content-type", "application/offset+octet-stream"));
        ByteArrayBuffer block = new ByteArrayBuffer(256);
        try {
            encoder.encodeHeaders(block, fields, true);
        } catch (Exception e) {
            throw new IOException(e);
        }
        return block.toByteArray();
    }

    private static byte[] frame(int type, int flags, int stream, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(9 + payload.length);
        frame.put((byte) (payload.length >> 16)).putShort((short) payload.length);
        return frame.put((byte) type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    private void read(Socket socket, int number) {
        try (DataInputStream in = new DataInputStream(new BufferedInputStream(socket.getInputStream()))) {
            while (true) {
                int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
                int type = in.readUnsignedByte();
                int flags = in.readUnsignedByte();
                int stream = in.readInt();
                in.skipNBytes(length);
                boolean over = type == RST_STREAM || type <= HEADERS && (flags & END_STREAM) != 0;
                if (over) {
                    ended.add(number + ":" + stream);
                } else if (type == GOAWAY) {
                    lost.add(socket);
                }
            }
        } catch (IOException e) {
            lost.add(socket);
        }
    }

    /** Streams that the server has answered or reset. */
    int ended() {
        return ended.size();
    }

    /** Connections that the server has closed, with every stream on them. */
    int lost() {
        return lost.size();
    }

    @Override
    public void close() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
