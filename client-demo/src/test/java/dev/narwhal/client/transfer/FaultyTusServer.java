package dev.narwhal.client.transfer;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * Enough of tus 1.0.0 in memory for one client at a time, and able to fail on purpose, in ways that a good server cannot be
 * brought to. Faults are used up in their order, one for each request of their step.
 */
final class FaultyTusServer implements AutoCloseable {

    enum Request {
        POST,
        HEAD,
        PATCH
    }

    /** What one request meets instead of a good answer. */
    sealed interface Fault {
        /** Reads the body, keeps nothing of it, answers with this. */
        record Status(int status, Map<String, String> headers, String body) implements Fault {}

        /** Keeps so many bytes, then closes the connection. */
        record Cut(int kept) implements Fault {}

        /** Keeps so many bytes, then neither reads nor answers any more. */
        record Hang(int kept) implements Fault {}

        /** Keeps everything and closes the connection instead of an answer. */
        record LostAnswer() implements Fault {}

        /** Keeps so many bytes of a body and answers as if that were all right. */
        record Part(int kept) implements Fault {}
    }

    private final HttpServer http;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Map<Request, Queue<Fault>> faults = new EnumMap<>(Request.class);
    private final List<Upload> uploads = new ArrayList<>();
    private final List<Long> patchOffsets = new ArrayList<>();

    private static final class Upload {
        private final long length;
        private final String metadata;
        private final ByteArrayOutputStream content = new ByteArrayOutputStream();

        Upload(long length, String metadata) {
            this.length = length;
            this.metadata = metadata;
        }
    }

    FaultyTusServer() throws IOException {
        http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        http.setExecutor(threads);
        http.createContext("/files", this::handle);
        http.start();
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + http.getAddress().getPort() + "/files");
    }

    synchronized FaultyTusServer fails(Request request, Fault fault) {
        faults.computeIfAbsent(request, any -> new ArrayDeque<>()).add(fault);
        return this;
    }

    FaultyTusServer fails(Request request, int status) {
        return fails(request, new Fault.Status(status, Map.of(), ""));
    }

    synchronized int creations() {
        return uploads.size();
    }

    synchronized byte[] content() {
        return uploads.getLast().content.toByteArray();
    }

    synchronized String metadata() {
        return uploads.getLast().metadata;
    }

    synchronized List<Long> patchOffsets() {
        return List.copyOf(patchOffsets);
    }

    /** An upload that is there before the client comes. */
    synchronized URI upload(long length, byte[] received) {
        Upload upload = new Upload(length, "");
        upload.content.writeBytes(received);
        uploads.add(upload);
        return URI.create(endpoint() + "/" + (uploads.size() - 1));
    }

    @Override
    public void close() {
        closed.countDown();
        http.stop(0);
        threads.shutdownNow();
    }

    private void handle(HttpExchange exchange) throws IOException {
        Request request = requestOf(exchange);
        Fault fault = next(request);
        if (fault instanceof Fault.Status refusal) {
            exchange.getRequestBody().readAllBytes();
            refusal.headers().forEach(exchange.getResponseHeaders()::set);
            byte[] body = refusal.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(
                    refusal.status(), request == Request.HEAD || body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
            return;
        }
        switch (request) {
            case POST -> create(exchange);
            case HEAD -> answer(exchange, 200, uploadOf(exchange));
            case PATCH -> append(exchange, fault);
        }
    }

    private void create(HttpExchange exchange) throws IOException {
        Headers headers = exchange.getRequestHeaders();
        String metadata = String.valueOf(headers.getFirst("Upload-Metadata"));
        Upload upload = new Upload(Long.parseLong(headers.getFirst("Upload-Length")), metadata);
        synchronized (this) {
            uploads.add(upload);
            exchange.getResponseHeaders().set("Location", "/files/" + (uploads.size() - 1));
        }
        answer(exchange, 201, upload);
    }

    private void append(HttpExchange exchange, @Nullable Fault fault) throws IOException {
        Upload upload = uploadOf(exchange);
        long offset = Long.parseLong(exchange.getRequestHeaders().getFirst("Upload-Offset"));
        synchronized (this) {
            patchOffsets.add(offset);
            if (offset != upload.content.size()) {
                exchange.sendResponseHeaders(409, -1);
                exchange.close();
                return;
            }
        }
        receive(exchange.getRequestBody(), upload, limit(fault));
        finish(exchange, upload, fault);
    }

    private void finish(HttpExchange exchange, Upload upload, @Nullable Fault fault) throws IOException {
        if (fault instanceof Fault.Hang) {
            awaitClose();
        } else if (fault instanceof Fault.Part) {
            exchange.getRequestBody().readAllBytes();
        }
        if (fault instanceof Fault.Cut || fault instanceof Fault.LostAnswer) {
            exchange.close();
        } else {
            answer(exchange, 204, upload);
        }
    }

    private static int limit(@Nullable Fault fault) {
        if (fault instanceof Fault.Cut cut) {
            return cut.kept();
        } else if (fault instanceof Fault.Hang hang) {
            return hang.kept();
        }
        return fault instanceof Fault.Part part ? part.kept() : Integer.MAX_VALUE;
    }

    private void receive(InputStream body, Upload upload, int limit) throws IOException {
        byte[] buffer = new byte[8192];
        for (int left = limit; left > 0; ) {
            int count = body.read(buffer, 0, Math.min(left, buffer.length));
            if (count < 0) {
                return;
            }
            synchronized (this) {
                upload.content.write(buffer, 0, count);
            }
            left -= count;
        }
    }

    private synchronized void answer(HttpExchange exchange, int status, Upload upload) throws IOException {
        exchange.getResponseHeaders().set("Tus-Resumable", "1.0.0");
        exchange.getResponseHeaders().set("Upload-Offset", Integer.toString(upload.content.size()));
        exchange.getResponseHeaders().set("Upload-Length", Long.toString(upload.length));
        exchange.sendResponseHeaders(status, -1);
        exchange.close();
    }

    private synchronized Upload uploadOf(HttpExchange exchange) {
        String path = exchange.getRequestURI().getPath();
        return uploads.get(Integer.parseInt(path.substring(path.lastIndexOf('/') + 1)));
    }

    private synchronized @Nullable Fault next(Request request) {
        Queue<Fault> queue = faults.get(request);
        return queue == null ? null : queue.poll();
    }

    private void awaitClose() {
        try {
            closed.await();
        } catch (InterruptedException over) {
            Thread.currentThread().interrupt();
        }
    }

    private static Request requestOf(HttpExchange exchange) {
        String override = exchange.getRequestHeaders().getFirst("X-HTTP-Method-Override");
        return Request.valueOf(override == null ? exchange.getRequestMethod() : override);
    }
}
