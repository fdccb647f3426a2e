package dev.narwhal.faults;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Clients over HTTP/1.1, each of which begins a creation with a large body, sends a little of it, and then next to nothing. */
final class HeldBodies implements AutoCloseable {

    private static final int CONNECT_MILLIS = 120_000;
    private static final int PAUSE_SECONDS = 2;
    private static final byte[] LITTLE = new byte[1024];

    private final URI files;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger begun = new AtomicInteger();
    private final ConcurrentMap<String, AtomicInteger> ends = new ConcurrentHashMap<>();
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private volatile boolean closed;

    private HeldBodies(URI files) {
        this.files = files;
    }

    static HeldBodies begin(URI files, int count) {
        HeldBodies bodies = new HeldBodies(files);
        for (int i = 0; i < count; i++) {
            Thread.startVirtualThread(bodies::hold);
        }
        bodies.clock.scheduleWithFixedDelay(bodies::dribble, PAUSE_SECONDS, PAUSE_SECONDS, TimeUnit.SECONDS);
        return bodies;
    }

    private void hold() {
        String end;
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(files.getHost(), files.getPort()), CONNECT_MILLIS);
            sendLeniently(socket, head().getBytes(US_ASCII));
            sendLeniently(socket, LITTLE);
            begun.incrementAndGet();
            open.add(socket);
            end = answer(socket);
        } catch (IOException e) {
            end = "broken";
        }
        count(end);
    }

    /** A refused body's connection may be closed while its client still sends; the answer is there all the same. */
    private static void sendLeniently(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            // What becomes of it is seen when the answer is read.
        }
    }

    private String answer(Socket socket) throws IOException {
        try {
            String status = new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII)).readLine();
            return status == null ? "closed" : status.strip();
        } finally {
            open.remove(socket);
        }
    }

    private String head() {
        return "POST " + files.getPath() + " HTTP/1.1\r\nHost: localhost\r\nTus-Resumable: 1.0.0\r\n"
                + "Content-Type: application/offset+octet-stream\r\nUpload-Length: 10000000\r\n"
                + "Content-Length: 10000000\r\n\r\n";
    }

    private void count(String end) {
        if (!closed) {
            ends.computeIfAbsent(end, unused -> new AtomicInteger()).incrementAndGet();
        }
    }

    /** So that none of them is silent. */
    private void dribble() {
        for (Socket socket : open) {
            try {
                socket.getOutputStream().write(LITTLE);
            } catch (IOException e) {
                open.remove(socket);
            }
        }
    }

    /** Those that have a connection, or had one. The system accepts connections before the server does, and may drop them. */
    int begun() {
        return begun.get();
    }

    /** How often they ended in which way: by the status line of an answer, or without one. */
    ConcurrentMap<String, AtomicInteger> ends() {
        return ends;
    }

    @Override
    public void close() throws IOException {
        closed = true;
        clock.shutdownNow();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
