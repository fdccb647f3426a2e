package dev.narwhal.testkit;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy on loopback for what happens on a network: it counts what clients send, holds it back at an exact byte, and
 * resets connections (RST to both sides). With {@link NetworkLuck} it does to each connection what bad networks do, and keeps a
 * journal. What it does depends on nothing that is said. Safe for use by many threads.
 */
public final class FaultProxy implements AutoCloseable {

    private static final int BUFFER_SIZE = 64 * 1024;
    private static final int CONNECT_MILLIS = 5000;

    private final ServerSocket listener;
    private final InetSocketAddress target;
    private final Set<Link> links = ConcurrentHashMap.newKeySet();
    private final ByteGate gate = new ByteGate();
    private final LongAdder received = new LongAdder();
    private final @Nullable NetworkLuck luck;
    private final Queue<LinkJournal> journals = new ConcurrentLinkedQueue<>();

    private FaultProxy(InetSocketAddress target, @Nullable NetworkLuck luck) throws IOException {
        this.target = target;
        this.luck = luck;
        this.listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
        if (luck != null) {
            // As on a network: what a client has sent is not far ahead of what has come through.
            listener.setReceiveBufferSize(BUFFER_SIZE);
        }
    }

    /** Starts a proxy to the URL's host and port; the server need not be up. */
    public static FaultProxy to(URI server) throws IOException {
        return start(server, null);
    }

    /** A bad network: each connection meets with what {@code luck} draws. */
    public static FaultProxy to(URI server, NetworkLuck luck) throws IOException {
        return start(server, luck);
    }

    private static FaultProxy start(URI server, @Nullable NetworkLuck luck) throws IOException {
        FaultProxy proxy = new FaultProxy(new InetSocketAddress(server.getHost(), server.getPort()), luck);
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

    /** What clients have sent since the proxy was started, passed on or lost. */
    public long received() {
        return received.sum();
    }

    /** Each PATCH that was begun, with what was sent in it; only of a bad network. */
    public List<SentBody> bodies() {
        return journals.stream().flatMap(journal -> journal.bodies().stream()).toList();
    }

    /** The end of what happened on each connection on which that was said; only of a bad network. */
    public String story(String text) {
        StringBuilder story = new StringBuilder();
        journals.stream()
                .map(LinkJournal::toString)
                .filter(one -> one.contains(text))
                .forEach(one -> story.append("A connection\n  ").append(one).append('\n'));
        return story.toString();
    }

    /** RST to both sides of every connection; later ones pass unhindered, and the counter goes on. */
    public void reset() {
        links.forEach(Link::resetBoth);
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
        Link link = new Link(client, new Socket(), luck);
        links.add(link);
        try {
            if (luck != null) {
                link.server.setSendBufferSize(BUFFER_SIZE);
                journals.add(link.journal);
            }
            link.server.connect(target, CONNECT_MILLIS);
            Thread.ofVirtual().start(() -> link.pass(link.server, link.client, false));
            link.pass(link.client, link.server, true);
        } catch (IOException e) {
            link.resetBoth();
        }
    }

    /** One client's connection and the one to the server that belongs to it. */
    private final class Link implements LinkTrouble.Line {

        private final Socket client;
        private final Socket server;
        private int directions = 2;
        private final @Nullable LinkTrouble trouble;
        private volatile boolean ended;
        private volatile boolean serverLeftAlone;
        private volatile boolean requestEnded;
        private final LinkJournal journal = new LinkJournal();

        Link(Socket client, Socket server, @Nullable NetworkLuck luck) {
            this.client = client;
            this.server = server;
            this.trouble = luck == null ? null : new LinkTrouble(this, luck);
        }

        /** Copies until the end of one side's sending, or until the reset. */
        void pass(Socket from, Socket to, boolean counted) {
            byte[] buffer = new byte[BUFFER_SIZE];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    note(buffer, read, counted);
                    pass(buffer, read, out, counted);
                }
                journal.note(counted ? "FIN of the client" : "FIN of the server");
                if (requestEnded) {
                    // The server is done with a request of which there is more to come.
                    resetBoth();
                    return;
                }
                to.shutdownOutput();
                endDirection();
            } catch (IOException e) {
                journal.note((counted ? "to the server: " : "to the client: ") + e.getMessage());
                if (trouble != null && trouble.isHeldBack()) {
                    trouble.awaitSound();
                }
                if (!counted || !serverLeftAlone) {
                    resetBoth();
                }
            }
        }

        private void note(byte[] piece, int length, boolean counted) {
            if (counted) {
                received.add(length);
            }
            if (trouble != null && counted) {
                journal.sent(piece, length);
            } else if (trouble != null) {
                journal.answered(piece, length);
            }
        }

        private void pass(byte[] buffer, int bytes, OutputStream out, boolean counted) throws IOException {
            for (int sent = 0; sent < bytes; ) {
                int allowed = admit(bytes - sent, counted);
                if (allowed == LinkTrouble.LOST) {
                    return;
                }
                out.write(buffer, sent, allowed);
                sent += allowed;
                if (!counted) {
                    journal.passedOn(allowed);
                }
            }
        }

        private int admit(int wanted, boolean counted) throws IOException {
            if (trouble == null) {
                return counted ? gate.admit(this::isEnded, wanted) : wanted;
            }
            int allowed = counted ? trouble.admitRequest(wanted) : trouble.admitAnswer(wanted);
            return counted && allowed > 0 ? gate.admit(this::isEnded, allowed) : allowed;
        }

        private synchronized void endDirection() throws IOException {
            directions--;
            if (directions == 0) {
                client.close();
                server.close();
                links.remove(this);
            }
        }

        @Override
        public void resetBoth() {
            journal.note("RST to both sides");
            ended = true;
            reset(client);
            reset(server);
            links.remove(this);
            gate.wakeAll();
        }

        @Override
        public void resetClient() {
            serverLeftAlone = true;
            reset(client);
        }

        @Override
        public void resetServer() {
            reset(server);
        }

        @Override
        public void endRequest() throws IOException {
            requestEnded = true;
            server.shutdownOutput();
        }

        @Override
        public void endAnswer() throws IOException {
            client.shutdownOutput();
        }

        @Override
        public void struck(NetworkFault fault) {
            journal.struck(fault);
        }

        @Override
        public boolean isEnded() {
            return ended;
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
}
