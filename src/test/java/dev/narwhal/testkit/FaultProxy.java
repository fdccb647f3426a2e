package dev.narwhal.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A TCP proxy on loopback for what happens on a network: it counts what clients send, holds it back at an exact byte, and
 * resets connections (RST to both sides). It knows nothing of HTTP. Safe for use by many threads.
 */
public final class FaultProxy implements AutoCloseable {

    private static final int BUFFER_SIZE = 64 * 1024;
    private static final int CONNECT_MILLIS = 5000;

    private final ServerSocket listener;
    private final InetSocketAddress target;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final Gate gate = new Gate();

    private FaultProxy(InetSocketAddress target) throws IOException {
        this.target = target;
        this.listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    }

    /** Starts a proxy to the URL's host and port; the server need not be up. */
    public static FaultProxy to(URI server) throws IOException {
        FaultProxy proxy = new FaultProxy(new InetSocketAddress(server.getHost(), server.getPort()));
        Thread.ofVirtual().name("fault-proxy").start(proxy::acceptAll);
        return proxy;
    }

    /** The same URL on this proxy. */
    public URI through(URI url) {
        return URI.create("http://127.0.0.1:" + listener.getLocalPort() + url.getRawPath());
    }

    /** Counts anew, and lets exactly that many bytes of all clients together pass from now on. */
    public void holdAfter(long bytes) {
        gate.countAnew(bytes);
    }

    /** Counts anew and holds nothing back. */
    public void countAnew() {
        gate.countAnew(Long.MAX_VALUE);
    }

    /** True when a client has something to send and may not. */
    public boolean isHolding() {
        return gate.isHolding();
    }

    /** What has been passed on from clients to the server since the counter was set. */
    public long forwarded() {
        return gate.forwarded();
    }

    /** RST to both sides of every connection; later ones pass unhindered, and the counter goes on. */
    public void reset() {
        links.forEach(Link::reset);
        gate.open();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        reset();
    }

    private void acceptAll() {
        while (!listener.isClosed()) {
            try {
                Socket client = listener.accept();
                Thread.ofVirtual().start(() -> connect(client));
            } catch (IOException e) {
                // Only when it was closed.
                return;
            }
        }
    }

    private void connect(Socket client) {
        Link link = new Link(client, new Socket());
        links.add(link);
        try {
            link.server.connect(target, CONNECT_MILLIS);
            Thread.ofVirtual().start(() -> link.pass(link.server, link.client, false));
            link.pass(link.client, link.server, true);
        } catch (IOException e) {
            link.reset();
        }
    }

    /** One client's connection and the one to the server that belongs to it. */
    private final class Link {

        private final Socket client;
        private final Socket server;
        private int directions = 2;
        private volatile boolean ended;

        Link(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        /** Copies until the end of one side's sending, or until the reset. */
        void pass(Socket from, Socket to, boolean counted) {
            byte[] buffer = new byte[BUFFER_SIZE];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    for (int sent = 0, allowed; sent < read; sent += allowed) {
                        allowed = counted ? gate.admit(this, read - sent) : read;
                        out.write(buffer, sent, allowed);
                    }
                }
                to.shutdownOutput();
                endDirection();
            } catch (IOException e) {
                reset();
            }
        }

        private synchronized void endDirection() throws IOException {
            directions--;
            if (directions == 0) {
                client.close();
                server.close();
                links.remove(this);
            }
        }

        void reset() {
            ended = true;
            reset(client);
            reset(server);
            links.remove(this);
            gate.wakeAll();
        }

        private static void reset(Socket socket) {
            try {
                socket.setSoLinger(true, 0);
                socket.close();
            } catch (IOException e) {
                // It was closed before.
            }
        }
    }

    /** Who may send how much; a monitor, for threads that wait are virtual and few. */
    private static final class Gate {

        private long forwarded;
        private long limit = Long.MAX_VALUE;
        private int waiting;

        synchronized void countAnew(long bytes) {
            forwarded = 0;
            limit = bytes;
            notifyAll();
        }

        synchronized void open() {
            limit = Long.MAX_VALUE;
            notifyAll();
        }

        synchronized void wakeAll() {
            notifyAll();
        }

        synchronized boolean isHolding() {
            return waiting > 0;
        }

        synchronized long forwarded() {
            return forwarded;
        }

        /** Waits until at least one byte may pass; returns how many may, and counts them. */
        synchronized int admit(Link link, int wanted) throws SocketException {
            waiting++;
            try {
                while (forwarded >= limit && !link.ended) {
                    wait();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new SocketException("Interrupted");
            } finally {
                waiting--;
            }
            if (link.ended) {
                throw new SocketException("Reset");
            }
            int allowed = (int) Math.min(wanted, limit - forwarded);
            forwarded += allowed;
            return allowed;
        }
    }
}
