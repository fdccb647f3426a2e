package dev.narwhal.bench.load;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** One keep-alive connection to a tus server; for one thread. */
public final class TusConnection implements AutoCloseable {

    private static final int HEAD = 16 << 10;
    private static final String TUS = "\r\nTus-Resumable: 1.0.0\r\n";
    private static final String BYTES = "Content-Type: application/offset+octet-stream\r\n";

    private final Target target;
    private final SocketChannel channel;
    private final ByteBuffer out = ByteBuffer.allocateDirect(HEAD);
    private final ByteBuffer in = ByteBuffer.allocateDirect(HEAD);
    private final byte[] bytes = new byte[HEAD];
    private final Answer answer = new Answer(bytes);
    /** Bytes of the next answers that arrived with the last one. */
    private int filled;

    public TusConnection(Target target) throws IOException {
        this.target = target;
        this.channel = SocketChannel.open(target.address());
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    }

    public SocketChannel channel() {
        return channel;
    }

    /** @param headers further lines, each with its end */
    public String head(String method, String path, String headers) {
        return method + " " + path + " HTTP/1.1\r\nHost: " + target.host() + TUS + headers + "\r\n";
    }

    /** @param body bytes that follow at once; 0 for none */
    public String creation(long length, long body) {
        return head(
                "POST",
                target.path(),
                "Upload-Length: " + length + "\r\nUpload-Metadata: filename bG9hZC5iaW4=\r\n" + (body > 0 ? BYTES : "")
                        + "Content-Length: " + body + "\r\n");
    }

    /** @param body such as {@code Content-Length: 5} with its end of line */
    public String patch(String path, long offset, String body) {
        return head("PATCH", path, "Upload-Offset: " + offset + "\r\n" + BYTES + body);
    }

    public static String contentLength(long length) {
        return "Content-Length: " + length + "\r\n";
    }

    /** @return the new upload's path */
    public String create(long length) throws IOException {
        send(creation(length, 0));
        return location(expect(201, false));
    }

    /** @return the path in the answer's {@code Location}, which may be a whole URL */
    public static String location(Answer created) {
        String location = created.header("location");
        int host = location.indexOf("//");
        return host < 0 ? location : location.substring(location.indexOf('/', host + 2));
    }

    public void send(String head) throws IOException {
        out.clear();
        out.put(head.getBytes(StandardCharsets.ISO_8859_1)).flip();
        send(out);
    }

    /** In one packet, as far as it fits: a head and a small body. */
    public void send(String head, byte[] content, int length) throws IOException {
        out.clear();
        out.put(head.getBytes(StandardCharsets.ISO_8859_1))
                .put(content, 0, length)
                .flip();
        send(out);
    }

    public void send(ByteBuffer content) throws IOException {
        while (content.hasRemaining()) {
            channel.write(content);
        }
    }

    /** Sends bytes of the block, over and over. */
    public void send(ByteBuffer block, long length) throws IOException {
        for (long left = length; left > 0; ) {
            block.clear().limit((int) Math.min(block.capacity(), left));
            left -= block.remaining();
            send(block);
        }
    }

    /** Reads the next answer, and skips its body. */
    public Answer expect(int status, boolean withoutBody) throws IOException {
        Answer next = next(withoutBody);
        if (next.status() != status) {
            throw new IOException("Expected " + status + ", not:\n" + next);
        }
        return next;
    }

    public Answer next(boolean withoutBody) throws IOException {
        int end = readHead();
        answer.at(end);
        long length = withoutBody || answer.status() == 204 || answer.status() < 200 ? 0 : bodyLength();
        if (answer.status() / 100 == 1) {
            drop(end);
            return next(withoutBody);
        }
        if (length == 0 && filled == end) {
            filled = 0;
        } else {
            skip(end, length);
        }
        return answer;
    }

    /**
     * Reads an answer's head and leaves its body to {@link #discard}.
     *
     * @return the answer, whose body's first bytes may have been read
     */
    public Answer headOnly() throws IOException {
        return answer.at(readHead());
    }

    /**
     * After {@link #headOnly()}: reads the body into the buffer, over and over.
     *
     * @param first when the first byte was there gets the time, in nanoseconds
     */
    public void discard(ByteBuffer block, long length, long[] first) throws IOException {
        long left = length - (filled - endOfHead());
        filled = 0;
        while (left > 0) {
            block.clear().limit((int) Math.min(block.capacity(), left));
            int read = channel.read(block);
            if (read < 0) {
                throw new EOFException("The body ends " + left + " bytes early");
            }
            if (first[0] == 0) {
                first[0] = System.nanoTime();
            }
            left -= read;
        }
    }

    private long bodyLength() {
        String length = answer.header("content-length");
        if (length == null && answer.header("transfer-encoding") != null) {
            return -1;
        }
        return length == null ? 0 : Long.parseLong(length);
    }

    private int readHead() throws IOException {
        int end;
        while ((end = endOfHead()) < 0) {
            fill();
        }
        return end;
    }

    private int endOfHead() {
        for (int i = 3; i < filled; i++) {
            if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n') {
                return i + 1;
            }
        }
        return -1;
    }

    /** Short bodies of answers: an error's, or none in chunks. The head stays where it is. */
    private void skip(int end, long length) throws IOException {
        int total = end + (int) length;
        if (length < 0) {
            while (!new String(bytes, end, filled - end, StandardCharsets.ISO_8859_1).endsWith("0\r\n\r\n")) {
                fill();
            }
            total = filled;
        }
        while (filled < total) {
            fill();
        }
        filled = 0;
    }

    private void drop(int end) {
        System.arraycopy(bytes, end, bytes, 0, filled - end);
        filled -= end;
    }

    private void fill() throws IOException {
        in.clear().limit(HEAD - filled);
        int read = channel.read(in);
        if (read < 0) {
            throw new EOFException("The server closed the connection");
        }
        in.flip().get(bytes, filled, read);
        filled += read;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
