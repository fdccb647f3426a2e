package dev.narwhal.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;

/** One connection: what is sent over it, and all that comes back until the server ends it. */
final class HostileLine {

    /** Ten times what a busy machine needs. */
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final int MOST_READ = 4 << 20;

    private HostileLine() {}

    /**
     * @param ending whether the sending side is ended after the bytes; else the server must lose its patience by itself
     * @return what the server said before it ended the connection, one character for each byte
     * @throws SocketTimeoutException when it has neither said anything more nor ended the connection for 30 s
     */
    static String exchange(int port, byte[] bytes, boolean ending) throws IOException {
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), (int) PATIENCE.toMillis());
            send(socket, bytes, ending);
            return readToEnd(socket.getInputStream());
        }
    }

    /** A server that refuses and ends the connection before it has heard all of it is in its right. */
    private static void send(Socket socket, byte[] bytes, boolean ending) {
        try {
            socket.getOutputStream().write(bytes);
            if (ending) {
                socket.shutdownOutput();
            }
        } catch (IOException e) {
            return;
        }
    }

    private static String readToEnd(InputStream in) throws SocketTimeoutException {
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        byte[] buffer = new byte[8192];
        try {
            for (int n = in.read(buffer); n >= 0 && said.size() < MOST_READ; n = in.read(buffer)) {
                said.write(buffer, 0, n);
            }
        } catch (SocketTimeoutException e) {
            throw e;
        } catch (IOException e) {
            // A reset ends a connection, too.
            return said.toString(ISO_8859_1);
        }
        return said.toString(ISO_8859_1);
    }
}
