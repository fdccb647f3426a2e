package dev.narwhal.faults;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.Deque;
import java.util.concurrent.ConcurrentLinkedDeque;

/**
 * HEADs of an upload over connections that are kept: they cost the client next to nothing, so that on one machine with the
 * server it is the server's cost that is measured. For any number of threads.
 */
final class KeptHeads implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 60_000;
    private static final int LARGEST_HEAD = 8192;
    private static final String END = "\r\n\r\n";

    private final InetSocketAddress server;
    private final byte[] request;
    private final Deque<Socket> idle = new ConcurrentLinkedDeque<>();

    KeptHeads(URI upload) {
        this.server = new InetSocketAddress(upload.getHost(), upload.getPort());
        this.request = """
                HEAD %s HTTP/1.1
                Host: %s
                Tus-Resumable: 1.0.0

                """.formatted(upload.getRawPath(), upload.getAuthority())
                .replace("\n", "\r\n")
                .getBytes(ISO_8859_1);
    }

    /** Returns the answer's status; 0 when there is none. */
    int ask() {
        Socket socket = idle.poll();
        try {
            socket = socket == null ? connect() : socket;
            socket.getOutputStream().write(request);
            int status = readStatus(socket.getInputStream());
            idle.push(socket);
            return status;
        } catch (IOException e) {
            close(socket);
            return 0;
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket();
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.connect(server, PATIENCE_MILLIS);
        return socket;
    }

    private static int readStatus(InputStream in) throws IOException {
        byte[] head = new byte[LARGEST_HEAD];
        int length = 0;
        while (length < END.length()
                || !new String(head, length - END.length(), END.length(), ISO_8859_1).equals(END)) {
            int n = in.read(head, length, head.length - length);
            if (n <= 0) {
                throw new EOFException("The head has no end");
            }
            length += n;
        }
        return Integer.parseInt(new String(head, 0, length, ISO_8859_1).split(" ", 3)[1]);
    }

    private static void close(Socket socket) {
        try {
            if (socket != null) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        idle.forEach(KeptHeads::close);
    }
}
