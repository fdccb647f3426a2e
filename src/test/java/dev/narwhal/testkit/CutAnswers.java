package dev.narwhal.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;

/**
 * A TCP proxy on loopback that lets exactly so many bytes of what the server sends on a connection through to the client, and
 * then ends the connection. What the client sends passes. It knows nothing of HTTP. One connection is set up at a time.
 */
public final class CutAnswers implements AutoCloseable {

    /** How a connection ends. */
    public enum End {
        /** RST to both sides. */
        RESET,
        /** FIN to the client, as if the server had nothing more to say. */
        FIN
    }

    private final ServerSocket listener;
    private final InetSocketAddress target;
    private volatile int passed = Integer.MAX_VALUE;
    private volatile End end = End.RESET;

    private CutAnswers(URI server) throws IOException {
        this.target = new InetSocketAddress(server.getHost(), server.getPort());
        this.listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    }

    /** Starts a proxy to the URL's host and port, which cuts nothing yet. */
    public static CutAnswers to(URI server) throws IOException {
        CutAnswers proxy = new CutAnswers(server);
        Thread.ofVirtual().name("cut-answers").start(proxy::acceptAll);
        return proxy;
    }

    /** The same URL on this proxy. */
    public URI through(URI url) {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort() + url.getRawPath());
    }

    /** From the next connection on. */
    public void after(int bytes, End end) {
        this.passed = bytes;
        this.end = end;
    }

    private void acceptAll() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                int bytes = passed;
                End how = end;
                Thread.ofVirtual().start(() -> connect(client, bytes, how));
            } catch (IOException e) {
                // Only when it was closed.
                return;
            }
        }
    }

    private void connect(Socket client, int bytes, End how) {
        try (client;
                Socket server = new Socket()) {
            server.connect(target);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            Thread requests = Thread.ofVirtual().start(() -> passRequests(client, server));
            passAnswers(client, server, bytes);
            if (how == End.FIN) {
                client.shutdownOutput();
                requests.join();
            } else {
                client.setSoLinger(true, 0);
                server.setSoLinger(true, 0);
            }
        } catch (IOException e) {
            // One side is gone, and so is the other.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void passRequests(Socket client, Socket server) {
        try {
            client.getInputStream().transferTo(server.getOutputStream());
            server.shutdownOutput();
        } catch (IOException e) {
            // The other direction has ended the connection.
        }
    }

    private static void passAnswers(Socket client, Socket server, int bytes) throws IOException {
        OutputStream out = client.getOutputStream();
        byte[] buffer = new byte[8192];
        for (int left = bytes; left > 0; ) {
            int read = server.getInputStream().read(buffer, 0, Math.min(left, buffer.length));
            if (read < 0) {
                return;
            }
            out.write(buffer, 0, read);
            left -= read;
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
