package dev.narwhal.api.events;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A client of the events, on a socket of its own. */
final class EventReader implements AutoCloseable {

    /** @param id null for an event without one */
    record Event(@Nullable String id, String name, String data) {}

    private final Socket socket;
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final List<String> head = new CopyOnWriteArrayList<>();
    private volatile boolean ended;

    private EventReader(Socket socket) {
        this.socket = socket;
    }

    static EventReader open(URI url, String... headers) throws IOException {
        EventReader reader = connect(url, headers);
        Thread.ofVirtual().start(reader::read);
        Awaitility.await().until(() -> reader.ended || !reader.events.isEmpty() || reader.isResumed);
        return reader;
    }

    /** Sends the request, and reads nothing of the answer. */
    static EventReader connect(URI url, String... headers) throws IOException {
        Socket socket = new Socket();
        socket.setReceiveBufferSize(4096);
        socket.connect(new InetSocketAddress(url.getHost(), url.getPort()));
        String query = url.getQuery() == null ? "" : "?" + url.getQuery();
        StringBuilder request = new StringBuilder("GET " + url.getPath() + query + " HTTP/1.1\r\nHost: " + url.getHost()
                + ":" + url.getPort() + "\r\nAccept: text/event-stream\r\nConnection: close\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        socket.getOutputStream().write(request.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
        return new EventReader(socket);
    }

    private volatile boolean isResumed;

    /** Until the end of the stream. Sizes of chunks stand in lines of their own: short chunks only. */
    void read() {
        try (BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            boolean inHead = true;
            List<String> fields = new ArrayList<>();
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (inHead) {
                    inHead = !line.isEmpty();
                    head.add(line);
                } else if (line.isEmpty()) {
                    add(fields);
                    fields.clear();
                } else {
                    fields.add(line);
                    isResumed |= line.equals(": resumed");
                }
            }
        } catch (IOException e) {
            // The end, too.
        } finally {
            ended = true;
        }
    }

    private void add(List<String> fields) {
        String name = value(fields, "event: ");
        if (name != null) {
            events.add(new Event(value(fields, "id: "), name, String.valueOf(value(fields, "data: "))));
        }
    }

    private static @Nullable String value(List<String> fields, String name) {
        return fields.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()))
                .findFirst()
                .orElse(null);
    }

    Event await(Predicate<Event> wanted) {
        Awaitility.await().until(() -> events.stream().anyMatch(wanted));
        return events.stream().filter(wanted).findFirst().orElseThrow();
    }

    Event await(String name) {
        return await(event -> event.name().equals(name));
    }

    void awaitEnd() {
        Awaitility.await().until(() -> ended);
    }

    List<Event> events() {
        return List.copyOf(events);
    }

    List<String> names() {
        return events.stream().map(Event::name).toList();
    }

    List<String> head() {
        return head;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
