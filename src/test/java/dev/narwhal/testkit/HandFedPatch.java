package dev.narwhal.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;

/**
 * A PATCH on a connection of its own, whose body is sent piece by piece: between two pieces it is a client that is slow, and
 * after the last one a connection that is dead and that the server has not heard of. For one thread.
 */
public final class HandFedPatch implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 60_000;

    private final Socket socket;
    private final BufferedReader answer;

    private HandFedPatch(Socket socket) throws IOException {
        this.socket = socket;
        this.answer = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
    }

    /**
     * Sends the head of the request.
     *
     * @param length of the body that it announces
     * @param headers further lines, each without its end
     */
    public static HandFedPatch begin(URI upload, long offset, long length, String... headers) throws IOException {
        Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(new InetSocketAddress(upload.getHost(), upload.getPort()), PATIENCE_MILLIS);
        StringBuilder head =
                new StringBuilder("""
                PATCH %s HTTP/1.1
                Host: %s
                Tus-Resumable: 1.0.0
                Content-Type: application/offset+octet-stream
                Upload-Offset: %d
                Content-Length: %d
                """.formatted(upload.getRawPath(), upload.getAuthority(), offset, length));
        for (String header : headers) {
            head.append(header).append('\n');
        }
        HandFedPatch patch = new HandFedPatch(socket);
        patch.send(head.append('\n').toString().replace("\n", "\r\n").getBytes(ISO_8859_1));
        return patch;
    }

    public HandFedPatch send(byte[] bytes) throws IOException {
        return send(bytes, 0, bytes.length);
    }

    public HandFedPatch send(byte[] bytes, int from, int to) throws IOException {
        socket.getOutputStream().write(bytes, from, to - from);
        return this;
    }

    /** As a dead line that comes back to life: it does not matter whether the server still listens. */
    public void sendLate(byte[] bytes) {
        try {
            send(bytes);
        } catch (IOException e) {
            // It has closed the connection.
        }
    }

    /** True once the server has answered. */
    public boolean hasAnswer() throws IOException {
        return answer.ready();
    }

    /**
     * Waits for the answer.
     *
     * @return its status; 0 when the server ends the connection without one
     */
    public int status() throws IOException {
        try {
            String line = answer.readLine();
            return line == null ? 0 : Integer.parseInt(line.split(" ", 3)[1]);
        } catch (SocketException e) {
            return 0;
        }
    }

    /** FIN. */
    @Override
    public void close() throws IOException {
        socket.close();
    }
}
