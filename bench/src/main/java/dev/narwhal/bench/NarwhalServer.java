package dev.narwhal.bench;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** The built jar as a process, and a tus client that costs as little as a client can. */
public final class NarwhalServer implements AutoCloseable {

    private static final Duration START_LIMIT = Duration.ofSeconds(90);
    private static final Duration REST_LIMIT = Duration.ofSeconds(60);
    private static final long STEP = 1 << 20;

    private final int port;
    private final Path log;
    private final Path data;
    private final Process process;
    private final long bytesPerSecond;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private NarwhalServer(int port, Path log, Path data, Process process, long bytesPerSecond) {
        this.port = port;
        this.log = log;
        this.data = data;
        this.process = process;
        this.bytesPerSecond = bytesPerSecond;
    }

    static NarwhalServer start(Arguments arguments, ObjectStore store, Path scratch, String variant)
            throws IOException, InterruptedException {
        int port = ObjectStore.freePort();
        List<String> command = new ArrayList<>(List.of(Scratch.java(), "-Xmx1g"));
        command.addAll(arguments.java());
        List<String> words = new ArrayList<>(List.of(variant.split(" +")));
        boolean otherJar = words.getFirst().endsWith(".jar");
        command.addAll(
                List.of("-jar", otherJar ? words.removeFirst() : arguments.jar().toString()));
        command.add("--server.port=" + port);
        Path data = scratch.resolve("data-" + port);
        command.add("--narwhal.data-dir=" + data);
        command.addAll(store.settings());
        words.removeIf(String::isEmpty);
        command.addAll(words);
        Path log = scratch.resolve("narwhal-" + port + ".log");
        NarwhalServer server =
                new NarwhalServer(port, log, data, Scratch.start(log, command), arguments.bytesPerSecond());
        server.awaitReady();
        return server;
    }

    private void awaitReady() throws IOException, InterruptedException {
        long limit = System.nanoTime() + START_LIMIT.toNanos();
        while (!Files.readString(log).contains("ready")) {
            if (System.nanoTime() > limit || !process.isAlive()) {
                throw new IOException("Does not start:\n" + Files.readString(log));
            }
            Thread.sleep(Duration.ofMillis(100));
        }
    }

    /** One creation, then all in one PATCH. */
    String upload(Path file) throws IOException, InterruptedException {
        HttpRequest creation = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/files"))
                .header("Tus-Resumable", "1.0.0")
                .header("Upload-Length", Long.toString(Files.size(file)))
                .POST(HttpRequest.BodyPublishers.noBody())
                .build();
        HttpResponse<Void> created = http.send(creation, BodyHandlers.discarding());
        String location = created.headers().firstValue("Location").orElseThrow();
        patch(
                URI.create("http://127.0.0.1:" + port + "/files")
                        .resolve(location)
                        .getPath(),
                file);
        return location.substring(location.lastIndexOf('/') + 1);
    }

    private void patch(String path, Path file) throws IOException {
        try (FileChannel content = FileChannel.open(file);
                SocketChannel socket = SocketChannel.open(new InetSocketAddress("127.0.0.1", port))) {
            String head = "PATCH " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port
                    + "\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\nContent-Type: application/offset+octet-stream"
                    + "\r\nContent-Length: " + content.size() + "\r\n\r\n";
            socket.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.US_ASCII)));
            long begin = System.nanoTime();
            for (long at = 0; at < content.size(); ) {
                at += content.transferTo(at, Math.min(STEP, content.size() - at), socket);
                pace(begin, at);
            }
            ByteBuffer answer = ByteBuffer.allocate(8192);
            socket.read(answer);
            String text = new String(answer.array(), 0, answer.position(), StandardCharsets.US_ASCII);
            if (!text.startsWith("HTTP/1.1 204")) {
                throw new IOException(text);
            }
        }
    }

    private void pace(long begin, long sent) {
        if (bytesPerSecond > 0) {
            LockSupport.parkNanos((long) (sent * 1e9 / bytesPerSecond) - (System.nanoTime() - begin));
        }
    }

    /**
     * So that nothing of one upload goes on in the next one's: the digest of its file follows the delivery, and the staged
     * bytes go when that is done.
     */
    void awaitRest(String id) throws IOException, InterruptedException {
        Path staged = data.resolve("staging").resolve(id.substring(0, 2)).resolve(id);
        long limit = System.nanoTime() + REST_LIMIT.toNanos();
        while (Files.exists(staged)) {
            if (System.nanoTime() > limit) {
                throw new IOException("Still there: " + staged);
            }
            Thread.sleep(Duration.ofMillis(20));
        }
    }

    /** Seconds of processor time that the process has used. */
    double processorTime() {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / 1e9;
    }

    @Override
    public void close() {
        Scratch.stop(process);
    }
}
